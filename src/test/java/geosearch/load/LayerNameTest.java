package geosearch.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LayerNameTest {

  private static final String LONGEST = "a".repeat(63);

  @ParameterizedTest
  @ValueSource(strings = {"a", "commune", "a-b_c9", "things"})
  void check_name_isReturned(String name) {
    assertEquals(name, LayerName.check(name));
  }

  @Test
  void check_longestName_isReturned() {
    assertEquals(LONGEST, LayerName.check(LONGEST));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "9a", "-a", "_a", "Commune", "a b", "é", "a.b", "a\n"})
  void check_noName_saysTheRule(String name) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> LayerName.check(name)).getMessage();

    assertEquals(
        "a layer's name has 1 to 63 characters of a-z 0-9 _ - and begins with a letter, not '%s'"
            .formatted(name),
        message);
  }

  @Test
  void check_tooLong_isRefused() {
    assertThrows(IllegalArgumentException.class, () -> LayerName.check(LONGEST + "a"));
  }

  @Test
  void check_layerOfTheZones_isRefused() {
    String message =
        assertThrows(IllegalArgumentException.class, () -> LayerName.check("thing")).getMessage();

    assertTrue(message.startsWith("the layer 'thing' holds the zones"), message);
  }
}
