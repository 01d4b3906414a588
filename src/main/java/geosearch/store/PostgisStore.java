package geosearch.store;

import geosearch.config.LayerConfig;
import geosearch.config.PostgisConfig;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.PreparedStatement;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Areas and zones in PostGIS.
 *
 * <p>Imports and zones are kept in tables of our own, in a schema of their own, which is created
 * when it is missing and the user may. Tables and views of the user's, and the original system's,
 * are read in place. Where nothing may be written, what there is is served all the same.
 *
 * <p>PostgreSQL 13 or later with PostGIS 3. While it is away, every method throws a {@link
 * StoreException} of kind UNAVAILABLE that says why, and works again when it is back.
 */
public final class PostgisStore implements Store {

  private final PostgisConfig config;
  private final PostgisConnections connections;
  private final PostgisIdentity identity;
  private final PostgisAccess access;
  private final PostgisTables tables;
  private final PostgisLayers layers;
  private final PostgisDatasets datasets;
  private final PostgisZones zones;
  private final Set<Listening> listenings = ConcurrentHashMap.newKeySet();

  private PostgisStore(
      PostgisConfig config,
      String identity,
      UserTables userTables,
      ZoneLimits limits,
      MeterRegistry registry) {
    this.config = config;
    this.identity = new PostgisIdentity(config.schema(), identity);
    PostgisFailures failures = new PostgisFailures(config);
    this.tables = new PostgisTables(config.schema());
    this.connections = new PostgisConnections(config, failures, this.identity, registry);
    this.access =
        new PostgisAccess(
            new PostgisSchema(config, connections, failures, this.identity), connections, failures);
    this.layers =
        new PostgisLayers(connections, tables, userTables, new TableFingerprints(connections));
    this.datasets = new PostgisDatasets(access, tables, layers);
    this.zones = new PostgisZones(access, tables, layers, limits);
  }

  /**
   * Makes ready to use PostGIS; reaches for it when it is first asked for something.
   *
   * @param config how to reach it
   * @param layers those with a table are read from it
   * @param maxZones how many zones may be kept, from 1
   * @param registry is given the pool's metrics
   * @throws IllegalArgumentException if the settings name a table for the layer of the zones
   */
  public static PostgisStore open(
      PostgisConfig config, List<LayerConfig> layers, int maxZones, MeterRegistry registry) {
    return open(config, layers, ZoneLimits.of(maxZones), registry);
  }

  /**
   * As {@link #open(PostgisConfig, List, int, MeterRegistry)}.
   *
   * @param limits how many zones and collections may be kept, and for how long their past is
   */
  public static PostgisStore open(
      PostgisConfig config, List<LayerConfig> layers, ZoneLimits limits, MeterRegistry registry) {
    return open(config, "", layers, limits, registry);
  }

  /**
   * Opens the store of one identity only.
   *
   * @param identity the only one to use, or empty for any
   */
  public static PostgisStore open(
      PostgisConfig config,
      String identity,
      List<LayerConfig> layers,
      ZoneLimits limits,
      MeterRegistry registry) {
    return new PostgisStore(
        config, identity, new UserTables(layers, config.schema()), limits, registry);
  }

  @Override
  public String description() {
    return "PostGIS at %s:%d, database %s, schema %s"
        .formatted(config.host(), config.port(), config.database(), config.schema());
  }

  @Override
  public Optional<String> readOnlyReason() {
    return access.site().readOnlyReason().or(identity::readOnlyReason);
  }

  @Override
  public List<LayerState> layers() {
    return access.call(layers::states);
  }

  @Override
  public LayerContent read(String layer, AreaSink sink) {
    return access.call(site -> layers.read(site, layer, sink));
  }

  @Override
  public long acceptances() {
    return identity.acceptances();
  }

  @Override
  public void accept() {
    access.write((site, connection) -> {
      try (PreparedStatement statement =
          connection.prepareStatement(
              "UPDATE %s SET accept_time = clock_timestamp()"
                  .formatted(tables.name("zone_revision")))) {
        statement.executeUpdate();
      }
      try (PreparedStatement notice = connection.prepareStatement("SELECT pg_notify(?, '')")) {
        notice.setString(1, config.schema());
        notice.execute();
      }
      return site;
    });
  }

  @Override
  public Datasets datasets() {
    return datasets;
  }

  @Override
  public Zones zones() {
    return zones;
  }

  @Override
  public Listening listen(Runnable onChange, Runnable onZoneChange) {
    PostgisListener listener =
        PostgisListener.start(connections, config.schema(), onChange, onZoneChange);
    listenings.add(listener);
    return () -> {
      listenings.remove(listener);
      listener.close();
    };
  }

  @Override
  public void close() {
    listenings.forEach(Listening::close);
    listenings.clear();
    connections.close();
  }
}
