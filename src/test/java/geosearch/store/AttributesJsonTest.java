package geosearch.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import geosearch.store.StoreException.Kind;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AttributesJsonTest {

  @Test
  void write_attributes_isInTheOrderOfTheirNames() {
    assertEquals(
        "{\"a\":\"1\",\"b\":\"\\\"\\n\",\"c\":\"\"}",
        AttributesJson.write(Map.of("c", "", "b", "\"\n", "a", "1")));
    assertEquals("{}", AttributesJson.write(Map.of()));
  }

  @Test
  void read_whatWasWritten_isTheSame() {
    Map<String, String> attributes = Map.of("ünï 𝄞", "\u0001 \\ / \u2028", "", "empty name");

    assertEquals(attributes, AttributesJson.read(AttributesJson.write(attributes)));
    assertEquals(Map.of(), AttributesJson.read("{}"));
  }

  @Test
  void read_otherScalars_areTextsAndNullsAreLeftOut() {
    assertEquals(
        Map.of("n", "1.50", "t", "true"),
        AttributesJson.read("{ \"n\": 1.50, \"t\": true, \"none\": null }"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "1", "{\"a\":{}}", "{\"a\":[1]}", "{\"a\":", "{\"a\"}"})
  void read_anythingElse_isCorrupt(String text) {
    assertEquals(
        Kind.CORRUPT, assertThrows(StoreException.class, () -> AttributesJson.read(text)).kind());
  }
}
