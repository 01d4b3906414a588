package geosearch.config;

import java.time.Duration;

/** How the gRPC server listens, and its limits. Sizes in bytes. */
public record ServerConfig(
    String address,
    int port,
    boolean reflection,
    int maxMessageSize,
    int maxConcurrentCalls,
    int maxMetadataSize,
    Duration minKeepaliveInterval,
    Duration maxConnectionAge,
    Duration maxConnectionAgeGrace,
    Duration maxConnectionIdle,
    Duration handshakeTimeout,
    Duration maxCallTime,
    int storeThreads) {}
