package geosearch.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import geosearch.geo.Area;
import geosearch.geo.AreaIndex;
import geosearch.geo.Position;
import geosearch.store.Dataset;
import geosearch.store.EmbeddedStore;
import geosearch.store.Store;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SampleLayerTest {

  private static final int MAX_BYTES = 4 << 20;

  private static RecordingStore recorded;
  private static Dataset dataset;
  private static AreaIndex index;

  @BeforeAll
  static void load() {
    recorded = new RecordingStore();
    dataset = SampleLayer.importIfEmpty(recorded).orElseThrow();
    AreaIndex.Builder builder = AreaIndex.builder();
    recorded.added.forEach(added -> builder.add(added.area(), added.outline()));
    index = builder.build();
  }

  @Test
  void layer_isWholeAndNeedsNoRepair() {
    assertEquals("country", dataset.layer());
    assertEquals(255, dataset.areas());
    assertEquals(0, dataset.repaired());
    assertEquals(0, dataset.skipped());
    assertEquals("Made with Natural Earth", dataset.attribution());
    assertTrue(recorded.added.stream().allMatch(added -> added.outline().isValid()));
  }

  @Test
  void resource_isAtMostFourMebibytes() throws Exception {
    try (InputStream packed =
        SampleLayer.class.getResourceAsStream("/geosearch/sample/countries.geojson.gz")) {
      assertTrue(packed.readAllBytes().length <= MAX_BYTES);
    }
  }

  @Test
  void ids_areUniqueAndKeepTheirRule() {
    Map<String, Area> byId =
        recorded.added.stream()
            .map(RecordingStore.Added::area)
            .collect(Collectors.toMap(Area::id, area -> area));

    assertEquals(255, byId.size());
    assertEquals("Australia", byId.get("036").name());
    assertEquals(Map.of("iso_n3", "036"), byId.get("036").attributes());
    assertEquals(Map.of("iso_n3", "036"), byId.get("ashmore-and-cartier-is").attributes());
    assertEquals("Kosovo", byId.get("kosovo").name());
    assertEquals(Map.of(), byId.get("kosovo").attributes());
    byId.forEach((id, area) -> {
      assertTrue(id.matches("[0-9]{3}|[a-z]+(-[a-z]+)*"), id);
      assertFalse(area.name().isEmpty());
      if (Character.isDigit(id.charAt(0))) {
        assertEquals(id, area.attributes().get("iso_n3"));
      }
    });
  }

  @ParameterizedTest
  @CsvSource({
    "45.764, 4.8357, France",
    "52.52, 13.405, Germany",
    "-1.286, 36.817, Kenya",
    "-33.45, -70.67, Chile",
    "42.6, 21.1, Kosovo",
    "-16.85, 179.97, Fiji",
    "-16.85, -179.97, Fiji",
    "-16.85, 180, Fiji",
    "-16.85, -180, Fiji",
    "66.5, 179.5, Russia",
    "66.5, -179.5, Russia",
    "71, 180, Russia",
    "71, -180, Russia",
    "71, 179, Russia",
    "71, -179.5, Russia",
    "-90, 0, Antarctica",
    "-90, 180, Antarctica",
    "-90, -77.5, Antarctica",
    "-89.9, 123, Antarctica",
    "-75, 0, Antarctica"
  })
  void locate_knownPlace_isInItsCountry(double latitude, double longitude, String country) {
    assertEquals(List.of(country), countries(latitude, longitude));
  }

  @ParameterizedTest
  @CsvSource({"90, 0", "0, 0", "-80, 180", "-16.6, 179.9", "30, -40"})
  void locate_sea_isInNoCountry(double latitude, double longitude) {
    assertEquals(List.of(), countries(latitude, longitude));
  }

  private static List<String> countries(double latitude, double longitude) {
    return Arrays.stream(index.locate(new Position(latitude, longitude)))
        .mapToObj(ordinal -> index.area(ordinal).name())
        .toList();
  }

  @Test
  void importIfEmpty_storeWithALayer_leavesItAlone(@TempDir Path folder) {
    try (Store store = EmbeddedStore.open(folder, 10)) {
      assertEquals("country", SampleLayer.importIfEmpty(store).orElseThrow().layer());
      assertEquals(Optional.empty(), SampleLayer.importIfEmpty(store));
      assertEquals(1, store.datasets().list().size());
    }
  }
}
