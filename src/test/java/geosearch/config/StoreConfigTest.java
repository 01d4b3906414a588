package geosearch.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class StoreConfigTest {

  @Test
  void defaults_embeddedStore() {
    assertFalse(Settings.none().config().store().usesPostgis());
  }

  @Test
  void host_given_switchesToPostgis() {
    assertTrue(Settings.of("store.postgis.host=db").config().store().usesPostgis());
  }

  @Test
  void folder_given_isTaken() {
    assertEquals(Path.of("/data"), Settings.of("store.folder=/data").config().store().folder());
  }

  @Test
  void password_bothWays_isRefused() {
    assertEquals(
        List.of(
            "store.postgis.password-file can't be named beside store.postgis.password; keep one of"
                + " them (flag --set)"),
        Settings.of("store.postgis.password-file=/p")
            .environment("GEOSEARCH_STORE_POSTGIS_PASSWORD", "x")
            .problems());
  }

  @Test
  void token_bothWays_isRefused() {
    assertEquals(
        List.of(
            "consul.token-file can't be named beside consul.token; keep one of them (flag --set)"),
        Settings.of("consul.token-file=/p").environment("GEOSEARCH_CONSUL_TOKEN", "x").problems());
  }
}
