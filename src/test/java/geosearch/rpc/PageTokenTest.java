package geosearch.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import geosearch.store.ZoneKey;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageTokenTest {

  @ParameterizedTest
  @ValueSource(strings = {"a", "thing/17", "0d4ff8a4-3a0b-4c3e-9b0a-7d2f6a3a0f11", "é€😀"})
  void read_afterWrite_isTheZone(String id) {
    ZoneKey key = new ZoneKey("no-go", id);
    assertEquals(Optional.of(key), PageToken.read(PageToken.write(key)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "AQ", "AQAAAAA", "hello there", "thing/17", "AQAAAABh", "////"})
  void read_notAToken_isNothing(String token) {
    assertEquals(Optional.empty(), PageToken.read(token));
  }

  @Test
  void read_anyCharacterChanged_isNothing() {
    String token = PageToken.write(new ZoneKey("thing", "zone-17"));
    for (int i = 0; i < token.length(); i++) {
      char other = token.charAt(i) == 'A' ? 'B' : 'A';
      String changed = token.substring(0, i) + other + token.substring(i + 1);

      assertEquals(Optional.empty(), PageToken.read(changed), changed);
    }
  }

  @Test
  void read_cutOrPadded_isNothing() {
    String token = PageToken.write(new ZoneKey("thing", "zone-17"));

    assertEquals(Optional.empty(), PageToken.read(token.substring(1)));
    assertEquals(Optional.empty(), PageToken.read(token.substring(0, token.length() - 1)));
    assertEquals(Optional.empty(), PageToken.read(token + "="));
    assertEquals(Optional.empty(), PageToken.read("A".repeat(1_000_000)));
  }
}
