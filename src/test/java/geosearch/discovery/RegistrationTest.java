package geosearch.discovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import geosearch.discovery.Registration.Found;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RegistrationTest {

  private static Registration of(String address, Map<String, String> settings) {
    return Registration.of(
        ConsulSettings.of("agent", 8500, settings),
        new TestInstance("0.0.0.0", 50051),
        new AdvertisedAddress(address, address));
  }

  private static Found found(Registration registration) {
    return new Found(
        registration.address(),
        registration.port(),
        registration.tags(),
        registration.meta(),
        registration.check().notes(),
        "passing",
        "");
  }

  @Test
  void of_noId_isNameAndAdvertisedPortAsTheOriginal() {
    assertEquals("search-service-50051", of("10.0.0.1", Map.of()).id());
    Registration published = of("10.0.0.1", Map.of("advertise-port", "32000"));
    assertEquals("search-service-32000", published.id());
    assertEquals(32000, published.port());
    assertEquals("10.0.0.1:32000/readiness", published.check().target());
  }

  @Test
  void of_addressOfVersion6_isBracketedInTheCheckAlone() {
    Registration registration = of("2001:db8::1", Map.of());

    assertEquals("2001:db8::1", registration.address());
    assertEquals("[2001:db8::1]:50051/readiness", registration.check().target());
  }

  @Test
  void of_metaOfTheSettings_standsBesideTheServersOwn() {
    Registration registration = of("10.0.0.1", Map.of("meta", "{team: maps, version: none}"));

    assertEquals(Map.of("team", "maps", "version", "1.2.3"), registration.meta());
  }

  @Test
  void differences_allAsItShouldBe_areNone() {
    Registration registration = of("10.0.0.1", Map.of("tags", "[b, a]"));

    assertEquals(List.of(), registration.differences(found(registration)));
    assertTrue(registration.isAt(found(registration)));
  }

  @Test
  void differences_ofEachPart_areTold() {
    Registration registration = of("10.0.0.1", Map.of());
    Found nothing = new Found("10.0.0.2", 1, Set.of("x"), Map.of(), "", "", "");

    assertEquals(4, registration.differences(nothing).size());
    assertFalse(registration.isAt(nothing));
  }

  @Test
  void differences_ofTheChecksInterval_areTold() {
    Registration registration = of("10.0.0.1", Map.of());
    Registration slower = of("10.0.0.1", Map.of("check-interval", "7s"));

    assertEquals(1, slower.differences(found(registration)).size());
  }
}
