package geosearch.rpc;

import geosearch.config.ServerConfig;
import geosearch.config.ZonesConfig;
import geosearch.traffic.TrafficBudget;
import java.time.Duration;

/** The defaults of the server's settings, on a free port of the loopback address, to change. */
final class ServerSettings {

  String address = "127.0.0.1";
  int port = 0;
  boolean reflection = true;
  int maxMessageSize = 4 << 20;
  int maxConcurrentCalls = 256;
  int maxCancelsPerSecond = 10_000;
  int maxConnections = 0;
  int maxMetadataSize = 8 << 10;
  Duration minKeepaliveInterval = Duration.ofSeconds(10);
  Duration maxConnectionAge = Duration.ofMinutes(30);
  Duration maxConnectionAgeGrace = Duration.ofSeconds(30);
  Duration maxConnectionIdle = Duration.ofMinutes(15);
  Duration handshakeTimeout = Duration.ofSeconds(10);
  Duration maxRequestTime = Duration.ofSeconds(30);
  Duration maxUnreadTime = Duration.ofSeconds(60);
  Duration maxCallTime = Duration.ofSeconds(30);
  int storeThreads = 8;
  TrafficBudget budget = TrafficBudget.ofThisProcess();

  /** What requests may be with the default limits of zones. */
  RequestLimits limits() {
    return RequestLimits.of(
        new ZonesConfig(ZonesConfig.Writers.LOCAL, 1 << 20, 10_000, 100_000), maxMessageSize);
  }

  ServerConfig config() {
    return new ServerConfig(
        address,
        port,
        reflection,
        maxMessageSize,
        maxConcurrentCalls,
        maxCancelsPerSecond,
        maxConnections,
        maxMetadataSize,
        minKeepaliveInterval,
        maxConnectionAge,
        maxConnectionAgeGrace,
        maxConnectionIdle,
        handshakeTimeout,
        maxRequestTime,
        maxUnreadTime,
        maxCallTime,
        storeThreads);
  }
}
