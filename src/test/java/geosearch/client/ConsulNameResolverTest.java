package geosearch.client;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.ManagedChannel;
import io.grpc.NameResolver;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.SynchronizationContext;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A channel to {@code consul://…}, with an agent that a test can bend. */
@Timeout(60)
class ConsulNameResolverTest {

  private static final Duration SOON = Duration.ofSeconds(30);

  private FakeConsul consul;
  private ManagedChannel channel;

  @BeforeEach
  void start() throws IOException {
    consul = new FakeConsul();
    channel =
        GeoSearchChannels.forTarget("consul://" + consul.address() + "/areas")
            .usePlaintext()
            .build();
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    consul.close();
  }

  @Test
  void channel_instanceThatTakesTheOthersPlace_isFollowed() throws IOException {
    try (CountingServer first = new CountingServer();
        CountingServer second = new CountingServer()) {
      consul.knows(first.port());
      assertTrue(CountingServer.ask(channel));
      assertEquals(1, first.calls());

      consul.knows(second.port());

      await().atMost(SOON).until(() -> CountingServer.ask(channel) && second.calls() > 0);
      int before = first.calls();
      for (int i = 0; i < 10; i++) {
        CountingServer.ask(channel);
      }
      assertEquals(before, first.calls());
    }
  }

  @Test
  void channel_severalInstances_goesRoundThem() throws IOException {
    try (CountingServer first = new CountingServer();
        CountingServer second = new CountingServer()) {
      consul.knows(first.port(), second.port());

      await()
          .atMost(SOON)
          .until(() -> CountingServer.ask(channel) && first.calls() > 2 && second.calls() > 2);
    }
  }

  @Test
  void channel_consulForgetsOrFails_keepsWhatItKnows() throws IOException {
    try (CountingServer server = new CountingServer()) {
      consul.knows(server.port());
      CountingServer.ask(channel);

      for (Runnable trouble :
          new Runnable[] {
            consul::knows,
            () -> consul.answers(500, "No cluster leader"),
            () -> consul.answers(200, "<html>")
          }) {
        trouble.run();
        await().atMost(SOON).until(consul::isHeard);
        assertTrue(CountingServer.ask(channel));
      }
      consul.close();
      assertTrue(CountingServer.ask(channel));
    }
  }

  @Test
  void channel_noInstance_saysSo() {
    assertUnavailable("Consul knows no instance of areas whose check passes");
  }

  @Test
  void channel_agentThatRefuses_saysWhy() {
    consul.answers(403, "Permission denied");

    assertUnavailable("it answered 403 Permission denied");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<html>",
        "{}",
        "[{}]",
        "[{\"Node\": {}, \"Service\": {\"Port\": 1}}, 5]",
        "[{\"Node\": {}, \"Service\": {\"Address\": \"a\", \"Port\": 70000}}]"
      })
  void channel_whatIsNotConsul_isToldApart(String answer) {
    consul.answers(200, answer);

    assertUnavailable("it did not answer as Consul does");
  }

  @Test
  void channel_agentThatIsNotThere_saysWhichOne() {
    consul.close();

    assertUnavailable("Consul at http://" + consul.address() + " does not answer");
  }

  private void assertUnavailable(String part) {
    await()
        .atMost(SOON)
        .untilAsserted(() -> {
          StatusRuntimeException failed =
              assertThrows(StatusRuntimeException.class, () -> CountingServer.ask(channel));
          assertEquals(Status.Code.UNAVAILABLE, failed.getStatus().getCode());
          assertTrue(String.valueOf(failed.getMessage()).contains(part), failed.getMessage());
        });
  }

  @Test
  void question_firstAndNext_waitForWhatIsNew() {
    channel.getState(true);

    await().atMost(SOON).until(() -> consul.asked.size() == 2);
    assertEquals(
        new FakeConsul.Asked("/v1/health/service/areas?passing=1&wait=30s&index=0", ""),
        consul.asked.get(0));
    assertEquals(
        new FakeConsul.Asked("/v1/health/service/areas?passing=1&wait=30s&index=7", ""),
        consul.asked.get(1));
  }

  @Test
  void question_tokenOfTheChannel_isSent() {
    ManagedChannel withToken =
        GeoSearchChannels.forTarget("consul://" + consul.address() + "/areas")
            .setNameResolverArg(ConsulNameResolverProvider.TOKEN, "secret")
            .usePlaintext()
            .build();
    try {
      withToken.getState(true);

      await().atMost(SOON).until(() -> !consul.asked.isEmpty());
      assertEquals("secret", consul.asked.get(0).token());
    } finally {
      withToken.shutdownNow();
    }
  }

  @Test
  void environment_agentAndToken_areThoseOfConsulsOwnTools() {
    NameResolver resolver =
        provider(Map.of("CONSUL_HTTP_ADDR", consul.address(), "CONSUL_HTTP_TOKEN", "secret"))
            .newNameResolver(URI.create("consul:///a%20b"), args());
    assertEquals("a b", resolver.getServiceAuthority());
    try {
      resolver.start(new Ignoring());

      await().atMost(SOON).until(() -> !consul.asked.isEmpty());
      assertEquals("secret", consul.asked.get(0).token());
      assertTrue(consul.asked.get(0).uri().startsWith("/v1/health/service/a%20b?"));
    } finally {
      resolver.shutdown();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "consul:areas",
        "consul:///",
        "consul://agent:8500",
        "consul:///a/b",
        "consul:///areas?dc=2",
        "consul:///areas#tag"
      })
  void target_notAService_isRefused(String target) {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> provider(Map.of()).newNameResolver(URI.create(target), args()));

    assertTrue(refused.getMessage().endsWith("not " + target), refused.getMessage());
  }

  @Test
  void target_ofAnotherScheme_isLeftToOthers() {
    assertNull(provider(Map.of()).newNameResolver(URI.create("dns:///areas"), args()));
  }

  private static ConsulNameResolverProvider provider(Map<String, String> environment) {
    return new ConsulNameResolverProvider(environment);
  }

  private static NameResolver.Args args() {
    return NameResolver.Args.newBuilder()
        .setDefaultPort(443)
        .setProxyDetector(_ -> null)
        .setSynchronizationContext(
            new SynchronizationContext((_, failure) -> failure.printStackTrace()))
        .setServiceConfigParser(
            new NameResolver.ServiceConfigParser() {
              @Override
              public NameResolver.ConfigOrError parseServiceConfig(Map<String, ?> config) {
                return NameResolver.ConfigOrError.fromConfig(config);
              }
            })
        .build();
  }

  private static final class Ignoring extends NameResolver.Listener2 {
    @Override
    public void onResult(NameResolver.ResolutionResult result) {}

    @Override
    public Status onResult2(NameResolver.ResolutionResult result) {
      return Status.OK;
    }

    @Override
    public void onError(Status failure) {}
  }
}
