package geosearch.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImportRequestTest {

  private static ImportRequest request(
      String layer, List<String> attributes, String attribution, double accuracyMetres) {
    return new ImportRequest(
        layer, "id", "name", attributes, attribution, accuracyMetres, true, false, false);
  }

  private static String refusal(
      String layer, List<String> attributes, String attribution, double accuracyMetres) {
    return assertThrows(
            IllegalArgumentException.class,
            () -> request(layer, attributes, attribution, accuracyMetres))
        .getMessage();
  }

  @Test
  void request_withinBounds_isMade() {
    assertEquals(2.5, request("a", List.of("b"), "c".repeat(1000), 2.5).accuracyMetres());
  }

  @Test
  void request_layerOfTheZones_isRefused() {
    assertEquals(
        "the layer 'thing' holds the zones and can't be imported; choose another name",
        refusal("thing", List.of(), "", 0));
  }

  @Test
  void request_attributeWithoutName_isRefused() {
    assertEquals("the name of an attribute must not be empty", refusal("a", List.of(""), "", 0));
  }

  @Test
  void request_longAttribution_isRefused() {
    assertEquals(
        "the attribution must have at most 1000 characters, not 1001",
        refusal("a", List.of(), "x".repeat(1001), 0));
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void request_impossibleAccuracy_isRefused(double accuracyMetres) {
    assertEquals(
        "the accuracy must be a number of metres from 0 on, not " + accuracyMetres,
        refusal("a", List.of(), "", accuracyMetres));
  }
}
