package geosearch.config;

import java.time.Duration;

/**
 * The limits of an import. Sizes in bytes. The setting's name is {@code import}, which is a word of
 * the language.
 */
public record ImportConfig(int maxVertices, int maxAttributeBytes, Duration httpTimeout) {}
