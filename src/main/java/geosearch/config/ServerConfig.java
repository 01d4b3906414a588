package geosearch.config;

import java.time.Duration;

/** How the gRPC server listens, and its limits. Sizes in bytes. */
public record ServerConfig(
    String address,
    int port,
    boolean reflection,
    int maxMessageSize,
    int maxConcurrentCalls,
    int maxCancelsPerSecond,
    int maxConnections,
    int maxMetadataSize,
    Duration minKeepaliveInterval,
    Duration maxConnectionAge,
    Duration maxConnectionAgeGrace,
    Duration maxConnectionIdle,
    Duration handshakeTimeout,
    Duration maxRequestTime,
    Duration maxUnreadTime,
    Duration maxCallTime,
    int storeThreads) {

  /**
   * @throws ConfigException for values out of their bounds
   */
  public ServerConfig {
    new Check("server")
        .notEmpty("address", address)
        .range("port", port, 0, 65_535)
        .bytes("max-message-size", maxMessageSize, Sizes.KIB, 64 * Sizes.MIB)
        .range("max-concurrent-calls", maxConcurrentCalls, 1, 100_000)
        .range("max-cancels-per-second", maxCancelsPerSecond, 1, 1_000_000)
        .range("max-connections", maxConnections, 0, 1_000_000)
        .bytes("max-metadata-size", maxMetadataSize, Sizes.KIB, Sizes.MIB)
        .atLeast("min-keepalive-interval", minKeepaliveInterval, Duration.ofSeconds(1))
        .atLeast("max-connection-age", maxConnectionAge, Duration.ofSeconds(1))
        .notNegative("max-connection-age-grace", maxConnectionAgeGrace)
        .atLeast("max-connection-idle", maxConnectionIdle, Duration.ofSeconds(1))
        .positive("handshake-timeout", handshakeTimeout)
        .atLeast("max-request-time", maxRequestTime, Duration.ofMillis(100))
        .atLeast("max-unread-time", maxUnreadTime, Duration.ofMillis(100))
        .positive("max-call-time", maxCallTime)
        .range("store-threads", storeThreads, 1, 1000)
        .end();
  }
}
