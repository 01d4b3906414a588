package geosearch.store;

import geosearch.config.PostgisConfig;
import geosearch.store.StoreException.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the database before it is used for the first time, and again after a failure: it may be
 * another one then, such as a standby. Creates our tables if they are missing and we may, but never
 * once a store has been used: what is missing then was dropped, or it is another database.
 */
final class PostgisSchema {

  private static final Logger log = LoggerFactory.getLogger(PostgisSchema.class);

  /** A database that can only be read may become writable without a failure. */
  private static final long LOOK_AGAIN_NANOS = Duration.ofSeconds(10).toNanos();

  private final PostgisConfig config;
  private final PostgisConnections connections;
  private final PostgisFailures failures;
  private final PostgisIdentity identity;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile @Nullable Look latest;
  private Optional<String> toldReason = Optional.empty();

  /**
   * @param nanos when it ended
   */
  private record Look(@Nullable PostgisSite site, @Nullable StoreException failure, long nanos) {}

  PostgisSchema(
      PostgisConfig config,
      PostgisConnections connections,
      PostgisFailures failures,
      PostgisIdentity identity) {
    this.config = config;
    this.connections = connections;
    this.failures = failures;
    this.identity = identity;
  }

  /**
   * What is there.
   *
   * @throws StoreException of kind UNAVAILABLE if the database can't be reached or used
   */
  PostgisSite site() {
    Look known = latest;
    if (known != null && known.site() != null && !isOld(known)) {
      return known.site();
    }
    long asked = System.nanoTime();
    lock.lock();
    try {
      Look look = latest;
      // Whoever waited while somebody else looked takes what that one found.
      if (look == null || (look.site() == null ? look.nanos() < asked : isOld(look))) {
        look = look();
        latest = look;
      }
      if (look.site() == null) {
        throw again(look.failure());
      }
      return look.site();
    } finally {
      lock.unlock();
    }
  }

  /** Makes the next caller look again. */
  void forget() {
    latest = null;
  }

  private static boolean isOld(Look look) {
    return look.site() != null
        && look.site().readOnlyReason().isPresent()
        && System.nanoTime() - look.nanos() > LOOK_AGAIN_NANOS;
  }

  private static StoreException again(@Nullable StoreException failure) {
    return failure == null
        ? new StoreException(Kind.UNAVAILABLE, "PostGIS can't be used")
        : new StoreException(failure.kind(), String.valueOf(failure.getMessage()), failure);
  }

  private Look look() {
    try (Connection connection = connections.single()) {
      PostgisSite site = look(connection);
      tell(site.readOnlyReason());
      return new Look(site, null, System.nanoTime());
    } catch (SQLException e) {
      return new Look(null, failures.of(e), System.nanoTime());
    } catch (StoreException e) {
      return new Look(null, e, System.nanoTime());
    }
  }

  private PostgisSite look(Connection connection) throws SQLException {
    PostgisFacts facts = facts(connection);
    Optional<String> hindrance = Optional.empty();
    if (facts.version() < PostgisMigration.VERSION && !identity.isKnown()) {
      if (facts.version() == 0) {
        identity.checkMayCreate();
      }
      hindrance = facts.hindrance(config.user(), config.database(), config.schema());
      if (hindrance.isEmpty()) {
        facts = migrate(connection);
      }
    }
    if (facts.version() > 0) {
      identity.takeFirst(connection);
    } else {
      identity.checkMayBeMissing();
    }
    return new PostgisSite(
        facts.extensionSchema(),
        facts.version() > 0,
        hindrance.isPresent() ? hindrance : facts.readOnlyReason(config.user(), config.schema()));
  }

  private PostgisFacts facts(Connection connection) throws SQLException {
    PostgisFacts facts = PostgisFacts.of(connection, config.schema());
    Optional<String> unusable = facts.unusable(config.database());
    if (unusable.isPresent()) {
      throw failures.unavailable(unusable.get(), null);
    }
    return facts;
  }

  private PostgisFacts migrate(Connection connection) throws SQLException {
    PostgisMigration.lock(connection, config);
    PostgisFacts facts = facts(connection);
    if (facts.version() >= PostgisMigration.VERSION) {
      return facts;
    }
    PostgisMigration.run(connections.source(), config, facts.extensionSchema());
    log.info("set up the schema {} in PostGIS at {}", config.schema(), failures.address());
    return facts(connection);
  }

  private void tell(Optional<String> readOnlyReason) {
    if (!readOnlyReason.equals(toldReason)) {
      toldReason = readOnlyReason;
      log.info(
          "PostGIS at {} {}",
          failures.address(),
          readOnlyReason.map(reason -> "is only read: " + reason).orElse("can be written to"));
    }
  }
}
