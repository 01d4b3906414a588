package geosearch.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class PostgisFactsTest {

  private static PostgisFacts facts(int server, Optional<String> extension, boolean standby) {
    return new PostgisFacts(
        server, "12.4", standby, false, extension, "public", true, true, true, 1, true, true);
  }

  private static final Optional<String> POSTGIS = Optional.of("3.0.1");

  @Test
  void unusable_oldServer_saysWhichIsNeeded() {
    assertEquals(
        Optional.of("it is PostgreSQL 12.4; version 13 or later is needed"),
        facts(120004, POSTGIS, false).unusable("test"));
  }

  @Test
  void unusable_oldestServer_isNot() {
    assertEquals(Optional.empty(), facts(130000, POSTGIS, false).unusable("test"));
  }

  @Test
  void unusable_noExtension_saysWhatToDo() {
    assertEquals(
        Optional.of(
            "its database test has no PostGIS; let its owner run CREATE EXTENSION postgis in it"),
        facts(130000, Optional.empty(), false).unusable("test"));
  }

  @Test
  void unusable_oldExtension_saysWhichIsNeeded() {
    assertEquals(
        Optional.of("its database test has PostGIS 2.5.1; version 3 or later is needed"),
        facts(130000, Optional.of("2.5.1"), false).unusable("test"));
  }

  @Test
  void hindrance_standby_isThatItIsOne() {
    PostgisFacts standby = facts(130000, POSTGIS, true);

    assertTrue(standby.hindrance("docker", "test", "geosearch").orElseThrow().contains("standby"));
    assertTrue(standby.readOnlyReason("docker", "geosearch").orElseThrow().contains("standby"));
  }
}
