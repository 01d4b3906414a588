package geosearch.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

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
    Duration statementTimeout) {

  private static final Pattern NAME = Pattern.compile("[a-z_][a-z0-9_]{0,62}");

  /**
   * @throws ConfigException for values out of their bounds
   */
  public PostgisConfig {
    new Check("store.postgis")
        .port("port", port)
        .notEmpty("database", database)
        .notEmpty("user", user)
        .that(
            password.isEmpty() || passwordFile.isEmpty(),
            "password-file",
            "can't be named beside store.postgis.password; keep one of them")
        .oneOf(
            "ssl-mode",
            sslMode,
            List.of("disable", "prefer", "require", "verify-ca", "verify-full"))
        .matches("schema", schema, NAME, "1 to 63 of a-z, 0-9 and _, not beginning with a digit")
        .range("pool-size", poolSize, 1, 100)
        .positive("connect-timeout", connectTimeout)
        .positive("socket-timeout", socketTimeout)
        .positive("statement-timeout", statementTimeout)
        .end();
  }
}
