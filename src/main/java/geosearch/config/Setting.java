package geosearch.config;

/**
 * A setting as it is in force.
 *
 * @param path such as {@code server.port}
 * @param value as text; a secret is masked
 * @param origin where it came from
 */
public record Setting(String path, String value, Origin origin) {}
