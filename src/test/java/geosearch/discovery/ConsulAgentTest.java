package geosearch.discovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import geosearch.config.ConsulConfig;
import geosearch.discovery.Registration.Found;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsulAgentTest {

  private static final String ID = "search-service-50051";

  private static AgentException findFails(ConsulConfig config) {
    try (ConsulAgent agent = new ConsulAgent(config)) {
      return assertThrows(AgentException.class, () -> agent.find(ID));
    }
  }

  private static Map<String, String> https(String name, Path value) {
    return Map.of("scheme", "https", name, value.toString());
  }

  @Test
  void find_whatWasRegistered_isAsItShouldBe() throws Exception {
    try (FakeAgent fake = new FakeAgent();
        ConsulAgent agent =
            new ConsulAgent(ConsulSettings.of("127.0.0.1", fake.port(), Map.of()))) {
      assertEquals(Optional.empty(), agent.find(ID));
      Registration registration =
          Registration.of(
              ConsulSettings.of("127.0.0.1", fake.port(), Map.of("tags", "[a, b]")),
              new TestInstance("0.0.0.0", 50051),
              new AdvertisedAddress("", "127.0.0.1"));

      agent.register(registration);

      Found found = agent.find(ID).orElseThrow();
      assertEquals(List.of(), registration.differences(found));
      assertTrue(found.isPassing());
      agent.deregister(ID);
      assertEquals(Optional.empty(), agent.find(ID));
    }
  }

  @Test
  void find_tokenOfTheSettings_isSentWithEachRequest() throws Exception {
    try (FakeAgent fake = new FakeAgent()) {
      fake.token = "secret";
      try (ConsulAgent agent =
          new ConsulAgent(ConsulSettings.of("127.0.0.1", fake.port(), Map.of("token", "secret")))) {
        assertEquals(Optional.empty(), agent.find(ID));
      }
      assertTrue(fake.asked.stream().allMatch(asked -> asked.token().equals("secret")));
    }
  }

  @Test
  void find_refusedWithoutToken_saysWhatItTakes() throws IOException {
    try (FakeAgent fake = new FakeAgent()) {
      fake.token = "secret";

      AgentException refused = findFails(ConsulSettings.of("127.0.0.1", fake.port(), Map.of()));

      assertTrue(refused.answered());
      assertTrue(refused.getMessage().contains("403"), refused.getMessage());
      assertTrue(refused.getMessage().contains("Permission denied"), refused.getMessage());
      assertTrue(refused.getMessage().contains("service:write"), refused.getMessage());
    }
  }

  @Test
  void find_hostThatIsNotKnown_saysSo() {
    AgentException unknown = findFails(ConsulSettings.of("agent.invalid", 8500, Map.of()));

    assertFalse(unknown.answered());
    assertTrue(unknown.getMessage().contains("not known"), unknown.getMessage());
  }

  @Test
  void find_serverThatIsNoAgent_saysThatItMakesNoSense() throws IOException {
    try (FakeAgent fake = new FakeAgent()) {
      fake.refusal = 200;

      AgentException senseless = findFails(ConsulSettings.of("127.0.0.1", fake.port(), Map.of()));

      assertTrue(senseless.getMessage().contains("refused"), senseless.getMessage());
    }
  }

  @Test
  void find_overHttpsWithItsAuthority_isAnswered(@TempDir Path folder) throws Exception {
    TestCertificate certificate = TestCertificate.of(folder, "ip:127.0.0.1");
    try (FakeAgent fake = new FakeAgent(certificate.server());
        ConsulAgent agent =
            new ConsulAgent(
                ConsulSettings.of("127.0.0.1", fake.port(), https("ca-file", certificate.pem())))) {
      assertEquals(Optional.empty(), agent.find(ID));
    }
  }

  @Test
  void find_overHttpsWithoutItsAuthority_isNotTrusted(@TempDir Path folder) throws Exception {
    TestCertificate certificate = TestCertificate.of(folder, "ip:127.0.0.1");
    try (FakeAgent fake = new FakeAgent(certificate.server())) {
      AgentException untrusted =
          findFails(ConsulSettings.of("127.0.0.1", fake.port(), Map.of("scheme", "https")));

      assertFalse(untrusted.answered());
      assertTrue(untrusted.getMessage().contains("no trusted connection"), untrusted.getMessage());
    }
  }

  @Test
  void find_overHttpsOfAnotherHost_isRefusedUnlessTheHostDoesNotMatter(@TempDir Path folder)
      throws Exception {
    TestCertificate certificate = TestCertificate.of(folder, "dns:agent.example.org");
    try (FakeAgent fake = new FakeAgent(certificate.server())) {
      Map<String, String> strict = https("ca-file", certificate.pem());
      AgentException other = findFails(ConsulSettings.of("127.0.0.1", fake.port(), strict));
      assertTrue(other.getMessage().contains("no trusted connection"), other.getMessage());

      Map<String, String> lax =
          Map.of(
              "scheme", "https", "ca-file", certificate.pem().toString(), "verify-host", "false");
      try (ConsulAgent agent = new ConsulAgent(ConsulSettings.of("127.0.0.1", fake.port(), lax))) {
        assertEquals(Optional.empty(), agent.find(ID));
      }
    }
  }

  @Test
  void find_authorityFileWithoutCertificates_isNamed(@TempDir Path folder) throws IOException {
    Path missing = folder.resolve("missing.pem");
    Path empty = Files.createFile(folder.resolve("empty.pem"));
    Path broken = Files.writeString(folder.resolve("broken.pem"), "-----BEGIN NONSENSE");
    for (Path file : List.of(missing, empty, broken)) {
      AgentException refused =
          findFails(ConsulSettings.of("127.0.0.1", 8501, https("ca-file", file)));

      assertTrue(refused.getMessage().contains(file.toString()), refused.getMessage());
    }
  }
}
