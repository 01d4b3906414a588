package geosearch.store;

import geosearch.config.LayerConfig;
import geosearch.config.PostgisConfig;
import geosearch.config.Secret;
import geosearch.testing.Servers.Database;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Settings for a store in a database of the tests. */
record PostgisSettings(
    String host,
    int port,
    String database,
    String user,
    String password,
    Optional<Path> passwordFile,
    String schema,
    Duration statementTimeout,
    Duration socketTimeout) {

  static PostgisSettings of(Database database) {
    return new PostgisSettings(
        database.host(),
        database.port(),
        database.name(),
        Database.USER,
        Database.PASSWORD,
        Optional.empty(),
        "geosearch",
        Duration.ofSeconds(10),
        Duration.ofSeconds(30));
  }

  PostgisSettings withUser(String name, String word) {
    return new PostgisSettings(
        host, port, database, name, word, passwordFile, schema, statementTimeout, socketTimeout);
  }

  PostgisSettings withPasswordFile(Path file) {
    return new PostgisSettings(
        host, port, database, user, "", Optional.of(file), schema, statementTimeout, socketTimeout);
  }

  PostgisSettings withDatabase(String name) {
    return new PostgisSettings(
        host, port, name, user, password, passwordFile, schema, statementTimeout, socketTimeout);
  }

  PostgisSettings withAddress(String newHost, int newPort) {
    return new PostgisSettings(
        newHost,
        newPort,
        database,
        user,
        password,
        passwordFile,
        schema,
        statementTimeout,
        socketTimeout);
  }

  PostgisSettings withSchema(String name) {
    return new PostgisSettings(
        host, port, database, user, password, passwordFile, name, statementTimeout, socketTimeout);
  }

  PostgisSettings withTimeouts(Duration statement, Duration socket) {
    return new PostgisSettings(
        host, port, database, user, password, passwordFile, schema, statement, socket);
  }

  PostgisConfig config() {
    return new PostgisConfig(
        host,
        port,
        database,
        user,
        new Secret(password),
        passwordFile,
        "prefer",
        schema,
        4,
        Duration.ofSeconds(5),
        socketTimeout,
        statementTimeout);
  }

  /** Opens the store of one identity only. */
  PostgisStore open(String identity) {
    return PostgisStore.open(
        config(),
        identity,
        List.of(),
        ZoneLimits.of(StoreContract.MAX_ZONES),
        new SimpleMeterRegistry());
  }

  PostgisStore open(LayerConfig... layers) {
    return PostgisStore.open(
        config(), List.of(layers), StoreContract.MAX_ZONES, new SimpleMeterRegistry());
  }
}
