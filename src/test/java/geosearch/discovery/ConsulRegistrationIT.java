package geosearch.discovery;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import geosearch.testing.LogRecords;
import geosearch.testing.RequiresContainers;
import geosearch.testing.Servers;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.GenericContainer;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/** The registration in a real agent, and what its DNS then answers. */
@RequiresContainers
@org.junit.jupiter.api.TestInstance(Lifecycle.PER_CLASS)
class ConsulRegistrationIT {

  private static final Duration SOON = Duration.ofSeconds(15);

  /** An interval, a timeout, and what the machine makes of it. */
  private static final Duration ONE_CHECK = Duration.ofSeconds(6);

  private final HttpClient http = HttpClient.newHttpClient();
  private GenericContainer<?> consul;

  @BeforeAll
  void startConsul() {
    consul = Servers.newConsul();
    consul.start();
  }

  @AfterAll
  void stopConsul() {
    consul.stop();
  }

  private RegisteredServer server(String service) throws IOException {
    return new RegisteredServer(consul, service, Map.of());
  }

  private static void awaitInstances(
      Duration atMost, GenericContainer<?> consul, String service, Set<String> expected) {
    await()
        .atMost(atMost)
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptions()
        .untilAsserted(() -> assertEquals(expected, Servers.instances(consul, service)));
  }

  private void awaitInstances(String service, Set<String> expected) {
    awaitInstances(SOON, consul, service, expected);
  }

  private String send(GenericContainer<?> agent, String method, String path, String token)
      throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create(
                    "http://%s:%d/v1/%s"
                        .formatted(agent.getHost(), agent.getMappedPort(8500), path)))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .header("X-Consul-Token", token)
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  private List<Record> dns(String name, int type) throws IOException {
    SimpleResolver resolver =
        new SimpleResolver(new InetSocketAddress(consul.getHost(), consul.getMappedPort(8600)));
    return resolver
        .send(Message.newQuery(Record.newRecord(Name.fromString(name), type, DClass.IN)))
        .getSection(Section.ANSWER);
  }

  @Test
  void registration_followsReadiness() throws Exception {
    try (RegisteredServer server = server("follows")) {
      await().atMost(SOON).until(() -> server.readiness.unmet().equals(List.of("layers")));
      assertEquals(Set.of(), Servers.instances(consul, "follows"));

      server.ready(true);
      awaitInstances("follows", Set.of(server.address()));
      await().atMost(SOON).until(() -> server.registered);

      Instant off = Instant.now();
      server.ready(false);
      awaitInstances(Duration.ofSeconds(2), consul, "follows", Set.of());
      assertTrue(Duration.between(off, Instant.now()).toMillis() < 2000);

      server.ready(true);
      awaitInstances("follows", Set.of(server.address()));
    }
    assertEquals(Set.of(), Servers.instances(consul, "follows"));
  }

  @Test
  void dns_ofAnInstance_answersAddressAndPortAsTheContractSays() throws Exception {
    try (RegisteredServer server = server("contract")) {
      server.ready(true);
      awaitInstances("contract", Set.of(server.address()));

      List<Record> addresses = dns("contract.service.consul.", Type.A);
      List<Record> services = dns("contract.service.consul.", Type.SRV);

      assertEquals(1, addresses.size());
      assertEquals(
          Servers.addressForContainers(),
          ((ARecord) addresses.getFirst()).getAddress().getHostAddress());
      assertEquals(0, addresses.getFirst().getTTL());
      assertEquals(1, services.size());
      SRVRecord found = (SRVRecord) services.getFirst();
      assertEquals(server.port(), found.getPort());
      assertTrue(found.getTarget().toString().matches("[0-9a-f]{8}\\.addr\\.dc1\\.consul\\."));
    }
  }

  @Test
  void agent_hasTagsMetaAndAPassingCheckOverGrpc() throws Exception {
    Map<String, String> settings = Map.of("tags", "[blue]", "meta", "{team: maps}");
    try (RegisteredServer server = new RegisteredServer(consul, "described", settings)) {
      server.instance.meta.put("generation", "7");
      server.ready(true);
      awaitInstances("described", Set.of(server.address()));

      JsonNode instance =
          new ObjectMapper()
              .readTree(send(consul, "GET", "health/service/described?passing", ""))
              .get(0);
      JsonNode service = instance.get("Service");
      assertEquals("described-" + server.port(), service.get("ID").textValue());
      assertEquals("blue", service.get("Tags").get(0).textValue());
      assertEquals("maps", service.get("Meta").get("team").textValue());
      assertEquals("1.2.3", service.get("Meta").get("version").textValue());
      assertEquals("7", service.get("Meta").get("generation").textValue());
      String checks = send(consul, "GET", "agent/checks", "");
      JsonNode check =
          new ObjectMapper().readTree(checks).get("service:described-" + server.port());
      assertEquals("grpc", check.get("Type").textValue());
      assertTrue(check.get("Notes").textValue().contains(server.address() + "/readiness"));
    }
  }

  @Test
  void registration_thatIsRight_isNotMadeAgain() throws Exception {
    try (RegisteredServer server = server("stable");
        LogRecords log = LogRecords.of(ConsulRegistration.class)) {
      server.ready(true);
      awaitInstances("stable", Set.of(server.address()));
      String path = "catalog/service/stable";
      JsonNode before = new ObjectMapper().readTree(send(consul, "GET", path, "")).get(0);

      // Long enough for several comparisons, each of which would write if anything differed.
      await()
          .pollDelay(Duration.ofSeconds(3))
          .until(() -> Servers.instances(consul, "stable").equals(Set.of(server.address())));

      JsonNode after = new ObjectMapper().readTree(send(consul, "GET", path, "")).get(0);
      assertEquals(before.get("ModifyIndex"), after.get("ModifyIndex"));
      assertTrue(
          log.texts().stream()
              .noneMatch(text -> text.contains("stable") && text.contains("again")));
    }
  }

  @Test
  void registration_takenOutByHand_isMadeAgain() throws Exception {
    try (RegisteredServer server = server("by-hand")) {
      server.ready(true);
      awaitInstances("by-hand", Set.of(server.address()));

      send(consul, "PUT", "agent/service/deregister/by-hand-" + server.port(), "");

      awaitInstances("by-hand", Set.of(server.address()));
    }
  }

  @Test
  void deregister_beforeTheStop_isOutOfTheDnsAtOnceAndForGood() throws Exception {
    try (RegisteredServer server = server("stops")) {
      server.ready(true);
      awaitInstances("stops", Set.of(server.address()));

      assertTrue(server.registration.deregister(Duration.ofSeconds(5)));

      assertEquals(Set.of(), Servers.instances(consul, "stops"));
    }
  }

  @Test
  void crash_withoutAWord_isOutOfTheDnsAfterOneFailedCheck() throws Exception {
    try (RegisteredServer crashing = server("crashes");
        RegisteredServer staying = server("crashes")) {
      crashing.ready(true);
      staying.ready(true);
      awaitInstances("crashes", Set.of(crashing.address(), staying.address()));

      crashing.crash();

      awaitInstances(ONE_CHECK, consul, "crashes", Set.of(staying.address()));
      ConsulDns dns =
          new ConsulDns(
              new InetSocketAddress(consul.getHost(), consul.getMappedPort(8600)),
              Duration.ofSeconds(2));
      assertEquals(
          List.of(new InetSocketAddress(Servers.addressForContainers(), staying.port())),
          dns.lookUp("crashes"));
    }
  }

  @Test
  void consulDns_severalInstances_answersAllOfThem() throws Exception {
    Set<RegisteredServer> servers = new HashSet<>();
    try {
      Set<String> addresses = new HashSet<>();
      for (int i = 0; i < 5; i++) {
        RegisteredServer server = server("several");
        servers.add(server);
        server.ready(true);
        addresses.add(server.address());
      }
      awaitInstances("several", addresses);
      ConsulDns dns =
          new ConsulDns(
              new InetSocketAddress(consul.getHost(), consul.getMappedPort(8600)),
              Duration.ofSeconds(2));

      Set<String> found = new HashSet<>();
      for (InetSocketAddress instance : dns.lookUp("several")) {
        found.add(instance.getAddress().getHostAddress() + ":" + instance.getPort());
      }

      assertEquals(addresses, found);
    } finally {
      servers.forEach(RegisteredServer::close);
    }
  }

  @Test
  void agent_restartedEmpty_isToldAgainWithinSeconds() throws Exception {
    try (GenericContainer<?> own = Servers.newConsul()) {
      own.start();
      try (RegisteredServer server = new RegisteredServer(own, "forgotten", Map.of())) {
        server.ready(true);
        awaitInstances(SOON, own, "forgotten", Set.of(server.address()));

        own.stop();
        await().atMost(SOON).until(() -> !server.registered);
        assertTrue(server.readiness.isReady());
        own.start();

        awaitInstances(Duration.ofSeconds(5), own, "forgotten", Set.of(server.address()));
        await().atMost(SOON).until(() -> server.registered);
      }
    }
  }

  @Test
  void agent_hangingForAWhile_holdsNothingUp() throws Exception {
    try (GenericContainer<?> own = Servers.newConsul()) {
      own.start();
      try (RegisteredServer server =
              new RegisteredServer(own, "hanging", Map.of("request-timeout", "500ms"));
          LogRecords log = LogRecords.of(ConsulRegistration.class)) {
        server.ready(true);
        awaitInstances(SOON, own, "hanging", Set.of(server.address()));

        own.getDockerClient().pauseContainerCmd(own.getContainerId()).exec();
        await().atMost(SOON).until(() -> !server.registered);
        assertTrue(server.readiness.isReady());
        own.getDockerClient().unpauseContainerCmd(own.getContainerId()).exec();

        await().atMost(SOON).until(() -> server.registered);
        awaitInstances(SOON, own, "hanging", Set.of(server.address()));
        assertTrue(
            log.texts(Level.WARNING).stream().anyMatch(text -> text.contains("within 500 ms")),
            () -> log.texts().toString());
      }
    }
  }

  @Test
  void token_withoutTheRight_isLoggedOnceAndTriedAgain(@TempDir Path folder) throws Exception {
    Path token = Files.writeString(folder.resolve("token"), "wrong");
    try (GenericContainer<?> own = Servers.newConsul()) {
      own.withCommand(
          "agent",
          "-dev",
          "-client",
          "0.0.0.0",
          "-hcl",
          "acl { enabled = true default_policy = \"deny\" tokens { master = \"right\" } }");
      own.start();
      try (LogRecords log = LogRecords.of(ConsulRegistration.class);
          RegisteredServer server =
              new RegisteredServer(own, "guarded", Map.of("token-file", token.toString()))) {
        server.ready(true);
        await().atMost(SOON).until(() -> log.texts(Level.WARNING).size() == 1);
        assertTrue(server.readiness.isReady());
        String logged = log.texts(Level.WARNING).getFirst();
        assertTrue(logged.contains("403") && logged.contains("token"), logged);

        Files.writeString(token, "right");

        await().atMost(SOON).until(() -> server.registered);
        String services = send(own, "GET", "agent/services", "right");
        assertTrue(services.contains("guarded-" + server.port()), services);
        assertEquals(1, log.texts(Level.WARNING).size(), () -> log.texts().toString());
      }
    }
  }
}
