package geosearch.discovery;

import geosearch.config.ConsulConfig;
import geosearch.health.Readiness;
import geosearch.metrics.Metrics;
import geosearch.testing.Servers;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.testcontainers.containers.GenericContainer;

/** A server that does nothing but to be ready or not, and in Consul or not. */
final class RegisteredServer implements AutoCloseable {

  final Readiness readiness = new Readiness();
  final ConsulRegistration registration;
  final TestInstance instance;
  volatile boolean registered;
  private final Readiness.Condition loaded = readiness.condition("layers");
  private final Server server;

  RegisteredServer(GenericContainer<?> consul, String service, Map<String, String> settings)
      throws IOException {
    HealthStatusManager health = new HealthStatusManager();
    server =
        Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
            .addService(health.getHealthService())
            .build()
            .start();
    instance = new TestInstance("0.0.0.0", server.getPort());
    Map<String, String> all = new HashMap<>();
    all.put("service-name", service);
    all.put("advertise-address", Servers.addressForContainers());
    all.putAll(settings);
    ConsulConfig config = ConsulSettings.of(consul.getHost(), consul.getMappedPort(8500), all);
    registration =
        new ConsulRegistration(
            config,
            instance,
            readiness,
            new CompletableFuture<>(),
            new Metrics(new SimpleMeterRegistry()),
            now -> registered = now);
    readiness.addListener(ready ->
        health.setStatus("readiness", ready ? ServingStatus.SERVING : ServingStatus.NOT_SERVING));
    registration.start();
  }

  /** What Consul's DNS answers for this one. */
  String address() {
    return Servers.addressForContainers() + ":" + server.getPort();
  }

  int port() {
    return server.getPort();
  }

  void ready(boolean ready) {
    loaded.set(ready);
  }

  /** Answers nothing any more, and tells nobody. */
  void crash() {
    server.shutdownNow();
  }

  @Override
  public void close() {
    registration.close();
    server.shutdownNow();
  }
}
