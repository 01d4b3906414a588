package geosearch.discovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AdvertisedAddressTest {

  /** Of a network that is kept for examples: routed like any other, and never there. */
  private static final String ELSEWHERE = "198.51.100.7";

  private static AdvertisedAddress of(String agent, String listening, Map<String, String> settings)
      throws AgentException {
    return AdvertisedAddress.of(ConsulSettings.of(agent, 8500, settings), listening);
  }

  @Test
  void of_addressOfTheSettings_isTakenAsItIs() throws AgentException {
    Map<String, String> settings = Map.of("advertise-address", "geo.example.org");

    assertEquals(
        new AdvertisedAddress("geo.example.org", "geo.example.org"),
        of(ELSEWHERE, "127.0.0.1", settings));
  }

  @Test
  void of_serverOnOneAddress_isThatAddress() throws AgentException {
    assertEquals(
        new AdvertisedAddress("192.0.2.17", "192.0.2.17"), of(ELSEWHERE, "192.0.2.17", Map.of()));
  }

  @Test
  void of_serverEverywhereAndAgentOnLoopback_isTheAgentsAddress() throws AgentException {
    assertEquals(new AdvertisedAddress("", "127.0.0.1"), of("127.0.0.1", "0.0.0.0", Map.of()));
  }

  @Test
  void of_serverEverywhereAndAgentElsewhere_isTheAddressOfTheInterfaceTowardsIt() throws Exception {
    Optional<InetAddress> own =
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .filter(address -> address.getAddress().length == 4 && !address.isLoopbackAddress())
            .findFirst();
    assumeTrue(own.isPresent(), "this machine has a network");

    AdvertisedAddress advertised = of(ELSEWHERE, "0.0.0.0", Map.of());

    InetAddress chosen = InetAddress.getByName(advertised.forClients());
    assertEquals(advertised.forClients(), advertised.forChecks());
    assertTrue(NetworkInterface.getByInetAddress(chosen) != null && !chosen.isLoopbackAddress());
  }

  @Test
  void of_serverOnLoopbackAndAgentOnThisMachine_isLoopback() throws AgentException {
    assertEquals(
        new AdvertisedAddress("127.0.0.1", "127.0.0.1"), of("localhost", "127.0.0.1", Map.of()));
  }

  @Test
  void of_serverOnLoopbackAndAgentElsewhere_isRefusedWithWhatToDo() {
    AgentException refused =
        assertThrows(AgentException.class, () -> of(ELSEWHERE, "127.0.0.1", Map.of()));

    assertTrue(refused.getMessage().contains("consul.advertise-address"), refused.getMessage());
  }

  @Test
  void of_agentThatIsNotKnown_isRefusedWithItsName() {
    AgentException refused =
        assertThrows(AgentException.class, () -> of("agent.invalid", "0.0.0.0", Map.of()));

    assertTrue(refused.getMessage().contains("agent.invalid"), refused.getMessage());
  }
}
