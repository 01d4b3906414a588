package geosearch.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** How to reach PostGIS. */
public record PostgisConfig(
    String host,
    int port,
    String database,
    String user,
    Secret password,
    Optional<Path> passwordFile,
    String sslMode,
    String schema,
    int poolSize,
    Duration connectTimeout,
    Duration socketTimeout,
    Duration statementTimeout) {}
