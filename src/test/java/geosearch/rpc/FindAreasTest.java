package geosearch.rpc;

import static geosearch.rpc.Errors.assertRefused;
import static geosearch.rpc.Layers.box;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import geosearch.atlas.Snapshot;
import geosearch.geo.Area;
import geosearch.geo.AreaIndex;
import geosearch.geo.Layer;
import geosearch.testing.Communes;
import geosearch.v1.AttributeFilter;
import geosearch.v1.BoundingBox;
import geosearch.v1.FindAreasRequest;
import geosearch.v1.FindAreasResponse;
import geosearch.v1.NameMatch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FindAreasTest {

  private GeoSearchServer server;

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "Saint-Étienne, EXACT",
    "saint etienne, EXACT",
    "SAINT ETIENNE, EXACT",
    "st-etienne, EXACT",
    "St. Étienne, EXACT",
    "Saint-Étie, PREFIX",
    "st et, PREFIX",
    "s, PREFIX",
    "etienne, WORDS",
    "etienne saint, WORDS",
    "Saint-Etiene, MISSPELT",
    "saimt etienne, MISSPELT",
  })
  void findAreas_waysToWriteAName_findIt(String name, String match) throws Exception {
    serve("Saint-Étienne");

    FindAreasResponse response = find(FindAreasRequest.newBuilder().setName(name));

    assertEquals(1, response.getAreasCount());
    assertEquals("Saint-Étienne", response.getAreas(0).getArea().getName());
    assertEquals(NameMatch.valueOf("NAME_MATCH_" + match), response.getAreas(0).getNameMatch());
  }

  @ParameterizedTest
  @ValueSource(strings = {"ienn", "saint denis", "sainte etienne x", "sa etienne", "-", "xx"})
  void findAreas_otherNames_findNothing(String name) throws Exception {
    serve("Saint-Étienne");

    assertEquals(List.of(), names(find(FindAreasRequest.newBuilder().setName(name))));
  }

  @Test
  void findAreas_severalFit_bestComeFirst() throws Exception {
    serve("Vaux-le-Lyon", "Lyons-la-Forêt", "Lyon", "Lyonnais", "Beaulyon");

    assertEquals(
        List.of("Lyon", "Lyonnais", "Lyons-la-Forêt", "Vaux-le-Lyon"),
        names(find(FindAreasRequest.newBuilder().setName("lyon"))));
    assertEquals(
        List.of("Lyonnais"), names(find(FindAreasRequest.newBuilder().setName("lyonnnais"))));
  }

  @ParameterizedTest
  @CsvSource({"Œuilly, oeuilly", "L'Haÿ-les-Roses, l hay les roses", "Straße, strasse"})
  void findAreas_lettersOfOtherAlphabets_areFolded(String name, String asked) throws Exception {
    serve(name);

    FindAreasResponse response = find(FindAreasRequest.newBuilder().setName(asked));

    assertEquals(NameMatch.NAME_MATCH_EXACT, response.getAreas(0).getNameMatch());
  }

  @Test
  void findAreas_conditions_mustAllHold() throws Exception {
    server =
        GeoSearchServer.of(
            Layers.imported("country").area("F", "France", box(0, 0, 9, 9)).snapshot(),
            Layers.imported("zone")
                .area(new Area("a", "North", Map.of("kind", "x")), box(0, 5, 1, 6))
                .area(new Area("b", "South", Map.of("kind", "y")), box(0, 1, 1, 2))
                .area(new Area("c", "East", Map.of("kind", "x")), box(178, 1, 180, 2))
                .snapshot());

    assertEquals(
        List.of("France", "North", "South", "East"), names(find(FindAreasRequest.newBuilder())));
    assertEquals(
        List.of("East", "South").reversed(),
        names(find(FindAreasRequest.newBuilder().addIds("c").addIds("b").addIds("none"))));
    assertEquals(
        List.of("North", "South", "East"),
        names(find(FindAreasRequest.newBuilder().addLayers("zone"))));
    assertEquals(
        List.of("North", "East"),
        names(
            find(
                FindAreasRequest.newBuilder()
                    .addFilters(AttributeFilter.newBuilder().setKey("kind").addValues("x")))));
    assertEquals(
        List.of("France", "South"),
        names(find(FindAreasRequest.newBuilder().setBounds(bounds(1, 1, 4, 4)))));
    assertEquals(
        List.of("East"),
        names(find(FindAreasRequest.newBuilder().setBounds(bounds(0, 179, 4, -179)))));
    assertEquals(
        List.of("South"),
        names(
            find(
                FindAreasRequest.newBuilder()
                    .setName("south")
                    .addIds("b")
                    .setBounds(bounds(1, 1, 4, 4)))));
    assertEquals(
        bounds(5, 0, 6, 1),
        find(FindAreasRequest.newBuilder().addIds("a")).getAreas(0).getBounds());
  }

  @Test
  void findAreas_pages_stayRightWhileAreasChange() throws Exception {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      names.add("Lyon " + (char) ('b' + i));
    }
    serve(names.toArray(String[]::new));
    FindAreasRequest.Builder request =
        FindAreasRequest.newBuilder().setName("lyon").setPageSize(10);

    FindAreasResponse first = find(request);
    assertEquals(names.subList(0, 10), names(first));
    List<String> changed = new ArrayList<>(names);
    changed.add("Lyon a");
    changed.remove("Lyon k");
    changed.remove("Lyon m");
    server.atlas.publish(List.of(snapshot(changed.toArray(String[]::new))));
    FindAreasResponse second = find(request.setPageToken(first.getNextPageToken()));
    FindAreasResponse third = find(request.setPageToken(second.getNextPageToken()));

    List<String> rest = new ArrayList<>(names(second));
    rest.addAll(names(third));
    List<String> expected = new ArrayList<>(names.subList(10, 25));
    expected.remove("Lyon m");
    assertEquals(expected, rest);
    assertEquals("", third.getNextPageToken());
  }

  @Test
  void findAreas_everyPageSize_findsAllOnce() throws Exception {
    serve("Lyon", "Lyons", "Vaux Lyon", "Lyon le Haut", "Lyon");

    List<String> all = names(find(FindAreasRequest.newBuilder().setName("lyon")));
    for (int size = 1; size <= 6; size++) {
      FindAreasRequest.Builder request =
          FindAreasRequest.newBuilder().setName("lyon").setPageSize(size);
      List<String> paged = new ArrayList<>();
      do {
        FindAreasResponse page = find(request);
        paged.addAll(names(page));
        request.setPageToken(page.getNextPageToken());
      } while (!request.getPageToken().isEmpty());
      assertEquals(all, paged);
    }
  }

  @Test
  void findAreas_tokenOfAnotherRequest_isRefused() throws Exception {
    serve("Lyon", "Lyons");
    String token =
        find(FindAreasRequest.newBuilder().setName("lyon").setPageSize(1)).getNextPageToken();
    String said = "must be the next_page_token of an answer to the same request, not ";

    assertEquals(
        Map.of("page_token", said + Violations.quoted(token)),
        assertRefused(
            () -> find(FindAreasRequest.newBuilder().setName("lyons").setPageToken(token))));
    assertEquals(
        Map.of("page_token", said + "\"nonsense!\""),
        assertRefused(
            () -> find(FindAreasRequest.newBuilder().setName("lyon").setPageToken("nonsense!"))));
  }

  @Test
  void findAreas_impossible_isRefused() throws Exception {
    serve("Lyon");

    assertEquals(
        Map.of(
            "name", "must have at most 200 characters, not 201",
            "page_size", "must not be negative, but is -1",
            "bounds.north", "must not be south of bounds.south, but is 0.0",
            "bounds.east", "must be from -180 to 180 degrees, not 181.0"),
        assertRefused(() ->
            find(
                FindAreasRequest.newBuilder()
                    .setName("x".repeat(201))
                    .setPageSize(-1)
                    .setBounds(bounds(1, 0, 0, 181)))));
  }

  @Test
  void findAreas_communesOfFrance_findsThemByName() throws Exception {
    Communes.assumeThere();
    AreaIndex.Builder communes = AreaIndex.builder();
    Communes.forEach(communes::add);
    server =
        GeoSearchServer.of(
            new Snapshot(
                new Layer("commune", Layer.Kind.DATASET, false, "1", "", "", 0),
                communes.build(),
                1,
                0,
                Instant.EPOCH));

    assertEquals(
        "Saint-Étienne",
        names(find(FindAreasRequest.newBuilder().setName("st-etienne"))).getFirst());
    for (String asked :
        List.of("Lyon", "saint etienne", "st-eti", "paris", "vaux", "l'isle", "Bordeaux", "mont")) {
      FindAreasResponse found = find(FindAreasRequest.newBuilder().setName(asked).setPageSize(10));
      assertTrue(found.getAreasCount() > 0, asked);
    }
  }

  private void serve(String... names) throws Exception {
    server = GeoSearchServer.of(snapshot(names));
  }

  private static Snapshot snapshot(String... names) {
    Layers layer = Layers.imported("commune");
    for (int i = 0; i < names.length; i++) {
      layer.area("%03d".formatted(i), names[i], box(i % 100, 0, i % 100 + 1, 1));
    }
    return layer.snapshot();
  }

  private FindAreasResponse find(FindAreasRequest.Builder request) {
    return server.stub().findAreas(request.build());
  }

  private static BoundingBox bounds(double south, double west, double north, double east) {
    return BoundingBox.newBuilder()
        .setSouth(south)
        .setWest(west)
        .setNorth(north)
        .setEast(east)
        .build();
  }

  private static List<String> names(FindAreasResponse response) {
    return response.getAreasList().stream().map(found -> found.getArea().getName()).toList();
  }
}
