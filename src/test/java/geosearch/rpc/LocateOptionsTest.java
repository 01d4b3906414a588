package geosearch.rpc;

import static geosearch.rpc.Errors.assertFails;
import static geosearch.rpc.Errors.assertRefused;
import static geosearch.rpc.Layers.box;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Timestamp;
import geosearch.geo.Area;
import geosearch.geo.Validity;
import geosearch.v1.AttributeFilter;
import geosearch.v1.AttributeSelection;
import geosearch.v1.Certainty;
import geosearch.v1.LocateOptions;
import geosearch.v1.LocateRequest;
import geosearch.v1.LocateResponse;
import geosearch.v1.LocatedArea;
import geosearch.v1.Nearest;
import io.grpc.Status;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.sf.geographiclib.Geodesic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Locate can be asked beside containment. */
class LocateOptionsTest {

  private GeoSearchServer server;

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  // Attributes.

  @Test
  void filters_ofAttributes_leaveOutWhatDoesNotPass() throws Exception {
    server =
        GeoSearchServer.of(
            Layers.imported("zone")
                .area(new Area("a", "", Map.of("kind", "city", "open", "yes")), box(0, 0, 1, 1))
                .area(new Area("b", "", Map.of("kind", "town")), box(0, 0, 1, 2))
                .area(new Area("c", "", Map.of()), box(0, 0, 1, 3))
                .snapshot());

    assertEquals(List.of("a", "b"), filtered(filter("kind")));
    assertEquals(List.of("b"), filtered(filter("kind", "town", "village")));
    assertEquals(List.of("b", "c"), filtered(filter("kind", "city").setNegate(true)));
    assertEquals(List.of("c"), filtered(filter("kind").setNegate(true)));
    assertEquals(List.of("a"), filtered(filter("kind", "city"), filter("open", "yes")));
    assertEquals(List.of(), filtered(filter("kind", "city"), filter("open", "no")));
  }

  @Test
  void attributes_selected_areSentAlone() throws Exception {
    server =
        GeoSearchServer.of(
            Layers.imported("zone")
                .area(new Area("a", "", Map.of("kind", "city", "open", "yes")), box(0, 0, 1, 1))
                .snapshot());

    LocateOptions.Builder some =
        LocateOptions.newBuilder()
            .setAttributes(AttributeSelection.newBuilder().addKeys("open").addKeys("other"));
    LocateOptions.Builder none =
        LocateOptions.newBuilder().setAttributes(AttributeSelection.getDefaultInstance());

    assertEquals(
        Map.of("open", "yes"), locate(0.5, 0.5, some).getAreas(0).getArea().getAttributesMap());
    assertEquals(Map.of(), locate(0.5, 0.5, none).getAreas(0).getArea().getAttributesMap());
  }

  // Distances.

  @Test
  void borderDistance_askedFor_isTheGeodesicToEachAreasOwnBorder() throws Exception {
    server =
        GeoSearchServer.of(
            Layers.imported("zone")
                .area("in", "", box(0, 0, 1, 1))
                .area("out", "", box(-1, -1, 2, 2))
                .snapshot());

    LocateResponse response = locate(0.5, 0.9, LocateOptions.newBuilder().setBorderDistance(true));

    assertEquals(
        Geodesic.WGS84.Inverse(0.5, 0.9, 0.5, 1).s12, response.getAreas(0).getDistanceM(), 1e-3);
    assertEquals(
        Geodesic.WGS84.Inverse(0.5, 0.9, 0.5, 2).s12, response.getAreas(1).getDistanceM(), 0.1);
    LocatedArea onBorder =
        locate(0.5, 1, LocateOptions.newBuilder().setBorderDistance(true)).getAreas(0);
    assertTrue(onBorder.hasDistanceM());
    assertEquals(0, onBorder.getDistanceM());
    assertFalse(locate(0.5, 0.9, LocateOptions.newBuilder()).getAreas(0).hasDistanceM());
  }

  @Test
  void nearest_nothingContainsThePosition_answersTheNearestByDistance() throws Exception {
    server =
        GeoSearchServer.of(
            Layers.imported("zone")
                .area("far", "", box(0, 0, 1, 1))
                .area("near", "", box(1.03, 0, 2, 1))
                .area("beyond", "", box(3, 0, 4, 1))
                .snapshot());

    LocateResponse two = locate(0.5, 1.02, nearest(10_000, 2));

    assertEquals(List.of("near MATCH_NEAREST", "far MATCH_NEAREST"), matches(two.getAreasList()));
    assertEquals(
        Geodesic.WGS84.Inverse(0.5, 1.02, 0.5, 1.03).s12, two.getAreas(0).getDistanceM(), 1e-3);
    assertEquals(
        List.of("near MATCH_NEAREST"),
        matches(locate(0.5, 1.02, nearest(10_000, 0)).getAreasList()));
    assertEquals(List.of(), matches(locate(0.5, 1.02, nearest(1_000, 5)).getAreasList()));
    assertEquals(3, locate(0.5, 2.5, nearest(100_000, 0)).getAreasCount() + 2);
  }

  @Test
  void nearest_somethingContainsThePosition_isNeverMixedIn() throws Exception {
    server =
        GeoSearchServer.of(
            Layers.imported("country").area("around", "", box(-9, -9, 9, 9)).snapshot(),
            Layers.imported("zone").area("near", "", box(1.03, 0, 2, 1)).snapshot());

    assertEquals(
        List.of("around MATCH_INSIDE"),
        matches(locate(0.5, 1.02, nearest(9_000, 9)).getAreasList()));
  }

  // Certainty.

  @Test
  void accuracy_aBorderWithinTheDisc_isAmbiguousWithEveryAreaThatTouchesIt() throws Exception {
    server =
        GeoSearchServer.of(
            Layers.imported("country").area("around", "", box(-9, -9, 9, 9)).snapshot(),
            Layers.imported("zone")
                .area("west", "", box(0, 0, 1, 1))
                .area("east", "", box(1, 0, 2, 1))
                .snapshot());

    LocateResponse ambiguous = locate(0.5, 0.999, accuracy(120));

    assertEquals(
        List.of(Certainty.CERTAINTY_CERTAIN, Certainty.CERTAINTY_AMBIGUOUS),
        ambiguous.getCertaintiesList());
    assertEquals(
        List.of("around MATCH_INSIDE", "west MATCH_INSIDE"), matches(ambiguous.getAreasList()));
    assertEquals(List.of("east MATCH_WITHIN_ACCURACY"), matches(ambiguous.getPossibleAreasList()));
    assertEquals(
        Geodesic.WGS84.Inverse(0.5, 0.999, 0.5, 1).s12,
        ambiguous.getPossibleAreas(0).getDistanceM(),
        1e-3);

    LocateResponse certain = locate(0.5, 0.999, accuracy(100));

    assertEquals(
        List.of(Certainty.CERTAINTY_CERTAIN, Certainty.CERTAINTY_CERTAIN),
        certain.getCertaintiesList());
    assertEquals(0, certain.getPossibleAreasCount());
    assertEquals(0, locate(0.5, 0.999, LocateOptions.newBuilder()).getCertaintiesCount());
  }

  @Test
  void accuracy_ofTheLayer_isAdded() throws Exception {
    server =
        GeoSearchServer.of(
            Layers.imported("zone").accuracy(30).area("a", "", box(0, 0, 1, 1)).snapshot());

    assertEquals(
        List.of(Certainty.CERTAINTY_AMBIGUOUS),
        locate(0.5, 0.999, accuracy(82)).getCertaintiesList());
    assertEquals(
        List.of(Certainty.CERTAINTY_CERTAIN),
        locate(0.5, 0.999, accuracy(80)).getCertaintiesList());
  }

  @Test
  void accuracy_bordersOfAreasThatAreFilteredOut_dontMatter() throws Exception {
    server =
        GeoSearchServer.of(
            Layers.imported("zone")
                .area(new Area("in", "", Map.of("kind", "x")), box(0, 0, 9, 9))
                .area("other", "", box(1, 0, 2, 1))
                .snapshot());

    assertEquals(
        List.of(Certainty.CERTAINTY_CERTAIN),
        locate(0.5, 0.9999, accuracy(100).addFilters(filter("kind"))).getCertaintiesList());
  }

  // Time.

  @Test
  void asOf_areasWithValidity_areThereAtTheirTime() throws Exception {
    Instant start = Instant.parse("2020-01-01T00:00:00Z");
    Instant end = Instant.parse("2025-01-01T00:00:00Z");
    server =
        GeoSearchServer.of(
            Layers.imported("zone")
                .area(
                    new Area(
                        "old", "", Map.of(), 0, new Validity(Optional.empty(), Optional.of(end))),
                    box(0, 0, 1, 1))
                .area(
                    new Area(
                        "new", "", Map.of(), 0, new Validity(Optional.of(start), Optional.empty())),
                    box(0, 0, 1, 2))
                .snapshot());

    assertEquals(List.of("new"), ids(locate(0.5, 0.5, LocateOptions.newBuilder())));
    assertEquals(List.of("old", "new"), ids(locate(0.5, 0.5, asOf(start))));
    assertEquals(List.of("new"), ids(locate(0.5, 0.5, asOf(end))));
    assertEquals(List.of("old"), ids(locate(0.5, 0.5, asOf(start.minusNanos(1)))));
    assertEquals(
        Timestamp.newBuilder().setSeconds(start.getEpochSecond()).build(),
        locate(0.5, 0.5, asOf(end)).getAreas(0).getArea().getValidFrom());
  }

  @Test
  void datasetVersion_theActiveOne_isAnswered() throws Exception {
    server =
        GeoSearchServer.of(
            Layers.imported("zone").version("7").area("a", "", box(0, 0, 1, 1)).snapshot());

    assertEquals(
        List.of("a"),
        ids(locate(0.5, 0.5, LocateOptions.newBuilder().putDatasetVersions("zone", "7"))));
    assertFails(
        Status.Code.NOT_FOUND,
        () -> locate(0.5, 0.5, LocateOptions.newBuilder().putDatasetVersions("zone", "6")));
  }

  // Bad options.

  @ParameterizedTest
  @ValueSource(doubles = {-1, 100_001, Double.NaN, Double.POSITIVE_INFINITY})
  void accuracy_impossible_isRefused(double metres) throws Exception {
    server = GeoSearchServer.of(Layers.imported("zone").snapshot());

    assertEquals(
        Map.of("options.accuracy_m", "must be from 0 to 100000 metres, not " + metres),
        assertRefused(() -> locate(0, 0, accuracy(metres))));
  }

  @Test
  void options_impossible_areRefusedByField() throws Exception {
    server = GeoSearchServer.of(Layers.imported("zone").snapshot());

    assertEquals(
        Map.of(
            "options.nearest.within_m",
            "must be above 0 and at most 100000 metres, not 0.0",
            "options.nearest.max_areas",
            "must be from 0 to 100, not 101",
            "options.filters[0].key",
            "must have 1 to 64 characters, not 0",
            "options.as_of",
            "must be a time from the year 1 to 9999, not 9223372036854775807 seconds and 0 nanoseconds since 1970"),
        assertRefused(() ->
            locate(
                0,
                0,
                nearest(0, 101)
                    .addFilters(filter(""))
                    .setAsOf(Timestamp.newBuilder().setSeconds(Long.MAX_VALUE)))));
  }

  private LocateResponse locate(double latitude, double longitude, LocateOptions.Builder options) {
    return server
        .stub()
        .locate(
            LocateRequest.newBuilder()
                .setPosition(GeoSearchServer.at(latitude, longitude))
                .setOptions(options)
                .build());
  }

  private List<String> filtered(AttributeFilter.Builder... filters) {
    LocateOptions.Builder options = LocateOptions.newBuilder();
    for (AttributeFilter.Builder filter : filters) {
      options.addFilters(filter);
    }
    return ids(locate(0.5, 0.5, options));
  }

  private static AttributeFilter.Builder filter(String key, String... values) {
    return AttributeFilter.newBuilder().setKey(key).addAllValues(List.of(values));
  }

  private static LocateOptions.Builder nearest(double metres, int areas) {
    return LocateOptions.newBuilder()
        .setNearest(Nearest.newBuilder().setWithinM(metres).setMaxAreas(areas));
  }

  private static LocateOptions.Builder accuracy(double metres) {
    return LocateOptions.newBuilder().setAccuracyM(metres);
  }

  private static LocateOptions.Builder asOf(Instant time) {
    return LocateOptions.newBuilder()
        .setAsOf(Timestamp.newBuilder().setSeconds(time.getEpochSecond()).setNanos(time.getNano()));
  }

  private static List<String> ids(LocateResponse response) {
    return response.getAreasList().stream().map(found -> found.getArea().getId()).toList();
  }

  private static List<String> matches(List<LocatedArea> areas) {
    return areas.stream().map(found -> found.getArea().getId() + " " + found.getMatch()).toList();
  }
}
