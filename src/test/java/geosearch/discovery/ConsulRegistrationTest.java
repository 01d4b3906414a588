package geosearch.discovery;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import geosearch.health.Readiness;
import geosearch.metrics.Metrics;
import geosearch.testing.LogRecords;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The registration against an agent that does what a test wants. */
class ConsulRegistrationTest {

  private static final Duration SOON = Duration.ofSeconds(10);
  private static final String ID = "search-service-50051";

  private final Readiness readiness = new Readiness();
  private final Readiness.Condition loaded = readiness.condition("layers");
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Metrics metrics = new Metrics(registry);
  private final List<Boolean> told = new CopyOnWriteArrayList<>();
  private final TestInstance instance = new TestInstance("127.0.0.1", 50051);
  private final CompletableFuture<Void> probed = new CompletableFuture<>();
  private LogRecords log;

  @BeforeEach
  void collectLog() {
    log = LogRecords.of(ConsulRegistration.class);
  }

  @AfterEach
  void leaveLog() {
    log.close();
  }

  private ConsulRegistration registration(int port, Map<String, String> settings) {
    ConsulRegistration registration =
        new ConsulRegistration(
            ConsulSettings.of("127.0.0.1", port, settings),
            instance,
            readiness,
            probed,
            metrics,
            told::add);
    registration.start();
    return registration;
  }

  private ConsulRegistration registration(FakeAgent agent) {
    return registration(agent.port(), Map.of());
  }

  private double gauge(String name) {
    return registry.get(name).gauge().value();
  }

  private static void awaitTrue(Callable<Boolean> condition) {
    await().atMost(SOON).pollInterval(Duration.ofMillis(10)).until(condition);
  }

  @Test
  void start_whileUnready_asksButDoesNotRegister() throws IOException {
    try (FakeAgent agent = new FakeAgent();
        ConsulRegistration _ = registration(agent)) {
      awaitTrue(() -> agent.count("GET", "services") >= 3);

      assertEquals(List.of("layers"), readiness.unmet());
      assertEquals(0, agent.count("PUT", "service/register"));
      assertEquals(List.of(false), told);
    }
  }

  @Test
  void ready_registersOnceWithAllThatClientsNeed() throws IOException {
    loaded.set(true);
    Map<String, String> settings =
        Map.of("tags", "[blue, eu]", "meta", "{team: maps}", "advertise-address", "10.1.2.3");
    try (FakeAgent agent = new FakeAgent();
        ConsulRegistration _ = registration(agent.port(), settings)) {
      awaitTrue(() -> agent.count("GET", "services") >= 4);

      assertEquals(1, agent.count("PUT", "service/register"));
      assertEquals(List.of(false, true), told);
      assertEquals(1, gauge("consul.registered"));
      assertEquals(1, gauge("consul.passing"));
      var service = agent.services.get(ID);
      assertEquals("search-service", service.get("Name").textValue());
      assertEquals("10.1.2.3", service.get("Address").textValue());
      assertEquals(50051, service.get("Port").intValue());
      assertEquals(2, service.get("Tags").size());
      assertEquals("maps", service.get("Meta").get("team").textValue());
      assertEquals("1.2.3", service.get("Meta").get("version").textValue());
      var check = service.get("Check");
      assertEquals("10.1.2.3:50051/readiness", check.get("GRPC").textValue());
      assertEquals("passing", check.get("Status").textValue());
      assertEquals("1000ms", check.get("Interval").textValue());
      assertEquals("1000ms", check.get("Timeout").textValue());
      assertEquals("600000ms", check.get("DeregisterCriticalServiceAfter").textValue());
    }
  }

  @Test
  void serviceId_ofTheSettings_isKept() throws IOException {
    loaded.set(true);
    try (FakeAgent agent = new FakeAgent();
        ConsulRegistration _ = registration(agent.port(), Map.of("service-id", "geo-blue-0"))) {
      awaitTrue(() -> agent.services.containsKey("geo-blue-0"));
    }
  }

  @Test
  void unready_takesItOutAtOnceAndReadyBringsItBack() throws IOException {
    loaded.set(true);
    try (FakeAgent agent = new FakeAgent();
        ConsulRegistration _ = registration(agent.port(), Map.of("reconcile-interval", "1h"))) {
      awaitTrue(() -> agent.services.containsKey(ID));

      loaded.set(false);
      awaitTrue(agent.services::isEmpty);
      loaded.set(true);
      awaitTrue(() -> agent.services.containsKey(ID));
      awaitTrue(() -> told.equals(List.of(false, true, false, true)));
    }
  }

  @Test
  void close_withoutDeregister_takesItOut() throws IOException {
    loaded.set(true);
    try (FakeAgent agent = new FakeAgent()) {
      try (ConsulRegistration _ = registration(agent)) {
        awaitTrue(() -> agent.services.containsKey(ID));
      }
      assertTrue(agent.services.isEmpty());
    }
  }

  @Test
  void deregister_whileReady_isFinal() throws IOException {
    loaded.set(true);
    try (FakeAgent agent = new FakeAgent();
        ConsulRegistration registration = registration(agent)) {
      awaitTrue(() -> agent.services.containsKey(ID));

      assertTrue(registration.deregister(SOON));

      assertTrue(agent.services.isEmpty());
      long asked = agent.asked.size();
      loaded.set(false);
      loaded.set(true);
      assertTrue(registration.deregister(SOON));
      assertEquals(asked, agent.asked.size());
      assertEquals(List.of(false, true, false), told);
      assertEquals(0, gauge("consul.registered"));
    }
  }

  @Test
  void start_afterProbe_registersOnceSomebodyWasTold() throws IOException {
    loaded.set(true);
    try (FakeAgent agent = new FakeAgent();
        ConsulRegistration _ = registration(agent.port(), Map.of("register-after-probe", "true"))) {
      awaitTrue(readiness::isReady);
      awaitTrue(() -> agent.count("GET", "services") > 2);
      assertEquals(0, agent.count("PUT", "service/register"));

      probed.complete(null);

      awaitTrue(() -> agent.services.containsKey(ID));
    }
  }

  @Test
  void deregister_neverStarted_isDone() {
    try (ConsulRegistration registration =
        new ConsulRegistration(
            ConsulSettings.of("127.0.0.1", 1, Map.of()),
            instance,
            readiness,
            probed,
            metrics,
            told::add)) {
      assertTrue(registration.deregister(SOON));
    }
  }

  @Test
  void agent_thatForgets_isToldAgainAndLoggedOnce() throws IOException {
    loaded.set(true);
    try (FakeAgent agent = new FakeAgent();
        ConsulRegistration _ = registration(agent)) {
      awaitTrue(() -> agent.services.containsKey(ID));

      agent.services.clear();

      awaitTrue(() -> agent.services.containsKey(ID));
      awaitTrue(() -> log.texts(Level.WARNING).size() == 1);
      assertTrue(log.texts(Level.WARNING).get(0).contains("the agent does not know it"));
    }
  }

  @Test
  void registration_changedBySomebodyElse_isMadeAgain() throws IOException {
    loaded.set(true);
    try (FakeAgent agent = new FakeAgent();
        ConsulRegistration _ = registration(agent)) {
      awaitTrue(() -> agent.services.containsKey(ID));

      var changed = agent.services.get(ID).deepCopy();
      ((ObjectNode) changed).put("Port", 1);
      agent.services.put(ID, changed);

      awaitTrue(() -> agent.services.get(ID).get("Port").intValue() == 50051);
    }
  }

  @Test
  void meta_changing_isToldWithoutALogLine() throws IOException {
    loaded.set(true);
    try (FakeAgent agent = new FakeAgent();
        ConsulRegistration _ = registration(agent)) {
      awaitTrue(() -> agent.services.containsKey(ID));

      instance.meta.put("generation", "17");

      awaitTrue(() -> agent.services.get(ID).get("Meta").has("generation"));
      assertEquals(1, log.texts().size(), () -> log.texts().toString());
    }
  }

  @Test
  void leftover_ofThisServer_isTakenOutWhileUnready() throws IOException {
    try (FakeAgent agent = new FakeAgent()) {
      loaded.set(true);
      ConsulRegistration crashed = registration(agent);
      awaitTrue(() -> agent.services.containsKey(ID));
      var leftover = agent.services.get(ID);
      crashed.close();
      agent.services.put(ID, leftover);

      Readiness notYet = new Readiness();
      var _ = notYet.condition("layers");
      try (ConsulRegistration restarted =
          new ConsulRegistration(
              ConsulSettings.of("127.0.0.1", agent.port(), Map.of()),
              instance,
              notYet,
              probed,
              metrics,
              told::add)) {
        restarted.start();
        awaitTrue(agent.services::isEmpty);
      }
    }
  }

  @Test
  void registration_ofAnotherServerUnderTheSameId_isLeftAloneWhileUnready() throws IOException {
    try (FakeAgent agent = new FakeAgent()) {
      Readiness ready = new Readiness();
      try (ConsulRegistration other =
              new ConsulRegistration(
                  ConsulSettings.of(
                      "127.0.0.1", agent.port(), Map.of("advertise-address", "10.9.9.9")),
                  instance,
                  ready,
                  probed,
                  metrics,
                  told::add);
          ConsulRegistration registration = registration(agent)) {
        other.start();
        awaitTrue(() -> agent.services.containsKey(ID));
        long before = agent.count("GET", "services");
        awaitTrue(() -> agent.count("GET", "services") > before + 6);

        assertEquals(1, agent.count("PUT", "service/register"));
        assertTrue(registration.deregister(SOON));
        assertTrue(agent.services.containsKey(ID));
      }
    }
  }

  @Test
  void check_thatFails_isLoggedOnceWithItsOutputAndOnceMoreWhenItPasses() throws IOException {
    loaded.set(true);
    try (FakeAgent agent = new FakeAgent();
        ConsulRegistration _ = registration(agent)) {
      awaitTrue(() -> agent.services.containsKey(ID));

      agent.statusOfChecks.put(ID, "critical");
      awaitTrue(() -> gauge("consul.passing") == 0);
      long before = agent.count("GET", "checks");
      awaitTrue(() -> agent.count("GET", "checks") > before + 2);
      assertEquals(1, log.texts(Level.WARNING).size());
      assertEquals(1, gauge("consul.registered"));

      agent.statusOfChecks.put(ID, "passing");
      awaitTrue(() -> gauge("consul.passing") == 1);
      awaitTrue(() -> log.texts(Level.INFO).getLast().contains("passes again"));
    }
  }

  @Test
  void agent_thatRefuses_hasAnsweredAllTheSame() throws IOException {
    loaded.set(true);
    try (FakeAgent agent = new FakeAgent()) {
      agent.refusal = 500;
      try (ConsulRegistration _ = registration(agent)) {
        awaitTrue(readiness::isReady);
        awaitTrue(() -> agent.asked.size() >= 3);
        assertEquals(1, log.texts(Level.WARNING).size(), () -> log.texts().toString());
        assertTrue(log.texts().get(0).contains("500"), () -> log.texts().toString());

        agent.refusal = 0;
        awaitTrue(() -> agent.services.containsKey(ID));
        awaitTrue(() -> log.texts(Level.INFO).size() == 2);
        assertEquals(1, log.texts(Level.WARNING).size());
      }
    }
  }

  @Test
  void agent_thatIsAbsent_holdsUpTheStartForTheWaitAlone() throws IOException {
    loaded.set(true);
    int port;
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = closed.getLocalPort();
    }
    Instant start = Instant.now();
    try (ConsulRegistration _ = registration(port, Map.of("startup-wait", "1s"))) {
      assertFalse(readiness.isReady());
      awaitTrue(readiness::isReady);

      long waited = Duration.between(start, Instant.now()).toMillis();
      assertTrue(waited >= 900 && waited < 5000, () -> waited + " ms");
      assertTrue(log.texts().get(0).contains("refused"), () -> log.texts().toString());
      assertEquals(2, log.texts(Level.WARNING).size(), () -> log.texts().toString());

      try (FakeAgent late = new FakeAgent(port)) {
        awaitTrue(() -> late.services.containsKey(ID));
        awaitTrue(() -> told.equals(List.of(false, true)));
      }
    }
  }

  @Test
  void agent_thatAcceptsAndNeverAnswers_holdsUpNeitherStartNorStop() throws IOException {
    loaded.set(true);
    try (ServerSocket hanging = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Instant start = Instant.now();
      ConsulRegistration registration =
          registration(
              hanging.getLocalPort(), Map.of("startup-wait", "1s", "request-timeout", "20s"));
      awaitTrue(readiness::isReady);
      assertTrue(Duration.between(start, Instant.now()).toMillis() < 5000);

      Instant stop = Instant.now();
      assertFalse(registration.deregister(Duration.ofSeconds(1)));
      registration.close();
      long stopped = Duration.between(stop, Instant.now()).toMillis();
      assertTrue(stopped < 5000, () -> stopped + " ms");
    }
  }

  @Test
  void agent_thatHangs_isGivenUpAfterTheRequestTimeout() throws IOException {
    loaded.set(true);
    try (ServerSocket hanging = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        ConsulRegistration _ =
            registration(
                hanging.getLocalPort(), Map.of("startup-wait", "0s", "request-timeout", "300ms"))) {
      awaitTrue(() -> log.texts().stream().anyMatch(text -> text.contains("within 300 ms")));
    }
  }

  @Test
  void token_ofAFile_isReadAgainWhenItChanges(@TempDir Path folder) throws IOException {
    loaded.set(true);
    Path file = Files.writeString(folder.resolve("token"), "old\n");
    try (FakeAgent agent = new FakeAgent()) {
      agent.token = "old";
      try (ConsulRegistration _ =
          registration(agent.port(), Map.of("token-file", file.toString()))) {
        awaitTrue(() -> agent.services.containsKey(ID));

        agent.token = "new";
        awaitTrue(() -> log.texts(Level.WARNING).size() == 1);
        assertTrue(log.texts(Level.WARNING).get(0).contains("service:write"));
        assertTrue(log.texts().stream().noneMatch(text -> text.contains("old")));
        long before = agent.count("PUT", "service/register");
        Files.writeString(file, "new\n");

        // The agent keeps the token that a service was registered with: so it is, once more.
        awaitTrue(() -> agent.count("PUT", "service/register") == before + 1);
        awaitTrue(() -> told.equals(List.of(false, true, false, true)));
      }
    }
  }

  @Test
  void token_ofAFileThatIsMissing_isLoggedAndTriedAgain(@TempDir Path folder) throws IOException {
    loaded.set(true);
    Path file = folder.resolve("token");
    try (FakeAgent agent = new FakeAgent();
        ConsulRegistration _ =
            registration(
                agent.port(), Map.of("token-file", file.toString(), "startup-wait", "0s"))) {
      agent.token = "late";
      awaitTrue(() -> log.texts().stream().anyMatch(text -> text.contains(file.toString())));

      Files.writeString(file, "late");

      awaitTrue(() -> agent.services.containsKey(ID));
    }
  }
}
