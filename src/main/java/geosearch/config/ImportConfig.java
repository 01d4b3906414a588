package geosearch.config;

import java.time.Duration;

/**
 * The limits of an import. Sizes in bytes. The setting's name is {@code import}, which is a word of
 * the language.
 */
public record ImportConfig(int maxVertices, int maxAttributeBytes, Duration httpTimeout) {

  /**
   * @throws ConfigException for values out of their bounds
   */
  public ImportConfig {
    new Check("import")
        .range("max-vertices", maxVertices, 4, 100_000_000)
        .bytes("max-attribute-bytes", maxAttributeBytes, 0, 16 * Sizes.MIB)
        .positive("http-timeout", httpTimeout)
        .end();
  }
}
