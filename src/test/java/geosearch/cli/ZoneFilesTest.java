package geosearch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import geosearch.geo.Area;
import geosearch.store.AreaSink;
import geosearch.store.EmbeddedStore;
import geosearch.store.Store;
import geosearch.store.Zone;
import geosearch.store.ZoneKey;
import geosearch.store.Zones.Selection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.locationtech.jts.geom.Geometry;

/** Collections of zones, from files and to files. */
final class ZoneFilesTest {

  private static final String SQUARE =
      "{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1.0000000000000002,0],[1,1],[0,1],[0,0]]]}";

  private static final String FILE =
      """
      {"type":"FeatureCollection","features":[
      {"type":"Feature","id":"a","properties":{"name":"A","kind":"depot","n":7},"geometry":%1$s,
       "zone":{"priority":3,"start_time":"2026-01-01T00:00:00Z","end_time":"2027-01-01T00:00:00.5Z"}},
      {"type":"Feature","id":2,"properties":{"name":"B"},"geometry":%1$s},
      {"type":"Feature","id":"c","properties":{"name":"attribute"},"geometry":null,
       "zone":{"name":"C","circle":{"latitude":45.1,"longitude":180,"radius_m":250.5}}}
      ]}
      """
          .formatted(SQUARE);

  @TempDir private Path folder;

  @Test
  void apply_newCollection_createsWhatTheFileSays() {
    Run run = apply(FILE);

    assertEquals(
        List.of(
            "+ a A", "+ 2 B", "+ c C", "carrier: 3 created, 0 changed, 0 removed, 0 as they were"),
        run.lines(),
        run.err());
    List<Zone> zones = kept();
    assertEquals(List.of("2", "a", "c"), zones.stream().map(z -> z.area().id()).toList());
    Zone a = zones.get(1);
    assertEquals("depot", a.area().attributes().get("kind"));
    assertEquals("7", a.area().attributes().get("n"));
    assertEquals(3, a.area().priority());
    assertTrue(a.area().validity().end().isPresent());
    assertEquals(1.0000000000000002, a.outline().orElseThrow().getEnvelopeInternal().getMaxX());
    assertEquals(250.5, zones.get(2).circle().orElseThrow().radiusMetres());
    assertEquals("attribute", zones.get(2).area().attributes().get("name"));
  }

  @Test
  void apply_sameFileAgain_changesNothing() {
    apply(FILE);
    List<Zone> before = kept();

    assertEquals(
        List.of("carrier: 0 created, 0 changed, 0 removed, 3 as they were"),
        apply(FILE, "--prune").lines());
    assertEquals(before.toString(), kept().toString());
  }

  @Test
  void apply_changedFile_changesWhatDiffersAndPrunesWhenTold() {
    apply(FILE);
    List<Zone> before = kept();
    String changed =
        FILE.replace("\"priority\":3", "\"priority\":4").replace("\"id\":2", "\"id\":\"d\"");

    Run dry = apply(changed, "--prune", "--dry-run");
    assertEquals(
        List.of(
            "~ a A",
            "+ d B",
            "- 2 B",
            "carrier: 1 created, 1 changed, 1 removed, 1 as they were; nothing was written"
                + " (--dry-run)"),
        dry.lines());
    assertEquals(before.toString(), kept().toString());

    assertEquals(
        "carrier: 1 created, 1 changed, 0 removed, 1 as they were, 1 not in the file (--prune)",
        apply(changed).lines().getLast());
    assertEquals(4, kept().size());
    assertEquals(
        "carrier: 0 created, 0 changed, 1 removed, 3 as they were",
        apply(changed, "--prune").lines().getLast());
    assertEquals(List.of("a", "c", "d"), kept().stream().map(z -> z.area().id()).toList());
  }

  @Test
  void export_collection_isAppliedAsWhatItWas() throws IOException {
    apply(FILE);
    Path file = folder.resolve("out.geojson");

    assertEquals(ExitCode.OK, run("", "export", "carrier", "-o", file.toString()).exitCode());

    assertEquals(
        List.of("carrier: 0 created, 0 changed, 0 removed, 3 as they were"),
        apply(Files.readString(file), "--prune").lines());
    Run exported = run("", "export", "carrier");
    assertEquals(Files.readString(file) + "\n", exported.out());
  }

  @Test
  void export_importedLayer_isImportedAsWhatItWas() throws IOException {
    Path file = folder.resolve("in.geojson");
    Files.writeString(
        file,
        """
        {"type":"FeatureCollection","features":[
        {"type":"Feature","properties":{"no":1,"nom":"X","k":"v","name":"an attribute"},"geometry":%1$s},
        {"type":"Feature","properties":{"no":2,"nom":"Y","n":1.50,"o":{"a":[1]}},"geometry":%1$s},
        {"type":"Feature","properties":{"no":3,"name":"","area":"big"},"geometry":%1$s},
        {"type":"Feature","properties":{"no":4},"geometry":%1$s}]}
        """
            .formatted(SQUARE));
    run(
        "",
        "import",
        file.toString(),
        "--layer",
        "parcel",
        "--id",
        "no",
        "--name",
        "nom",
        "--attributes",
        "k,name,n,o,area");
    Run first = run("", "export", "parcel");
    Files.writeString(file, first.out());
    Run again =
        run(
            "",
            "import",
            file.toString(),
            "--layer",
            "again",
            "--name",
            "name",
            "--attributes",
            "*");

    assertEquals(ExitCode.OK, again.exitCode(), again.err());
    assertTrue(first.out().contains("1.0000000000000002"), first.toString());
    assertEquals(first, run("", "export", "again"));
    assertEquals(areas("parcel"), areas("again"));
    assertEquals(
        new Area("1", "X", Map.of("k", "v", "name", "an attribute")), areas("again").get("1"));
    assertEquals(new Area("3", "", Map.of("name", "", "area", "big")), areas("again").get("3"));
    assertEquals(ExitCode.NOT_FOUND, run("", "export", "nowhere").exitCode());
  }

  private Map<String, Area> areas(String layer) {
    Map<String, Area> areas = new TreeMap<>();
    try (Store store = EmbeddedStore.open(folder.resolve("store"), 100)) {
      store.read(
          layer,
          new AreaSink() {
            @Override
            public void accept(Area area, Geometry outline) {
              areas.put(area.id(), area);
            }

            @Override
            public void skip(String id, String reason) {
              throw new AssertionError(reason);
            }
          });
    }
    return areas;
  }

  @Test
  void apply_fileThatIsNone_saysWhy() {
    assertSays("{}", "no GeoJSON FeatureCollection");
    assertSays("{\"features\":[", "not JSON");
    assertSays(FILE.replace("\"id\":2,", ""), "feature 2 has no `id`");
    assertSays(FILE.replace("\"id\":2", "\"id\":\"a\""), "two features of the id a");
    assertSays(FILE.replace("2026-01-01T00:00:00Z", "yesterday"), "feature 1 has a time");
    assertTrue(kept().isEmpty());
  }

  @Test
  void apply_zoneThatIsRefused_saysWhich() {
    String crossing = "[[[0,0],[1,1],[1,0],[0,1],[0,0]]]";
    String features =
        IntStream.range(0, 40)
            .mapToObj(i ->
                """
                {"type":"Feature","id":"z%d","properties":{"name":"Z"},"geometry":{"type":"Polygon","coordinates":%s}}\
                """
                    .formatted(i, i == 30 ? crossing : "[[[0,0],[1,0],[1,1],[0,0]]]"))
            .collect(Collectors.joining(","));

    Run run = apply("{\"type\":\"FeatureCollection\",\"features\":[" + features + "]}");

    assertEquals(ExitCode.FAILED, run.exitCode(), run.toString());
    assertTrue(run.err().contains("the zone z30: "), run.err());
    assertEquals(
        IntStream.range(0, 30).mapToObj(i -> "+ z" + i + " Z").toList(),
        run.out().lines().toList());
  }

  @Test
  void getAndUpdate_zone_showWhatItIs() {
    apply(FILE);

    Run updated =
        run(
            "",
            "zones",
            "update",
            "a",
            "--collection",
            "carrier",
            "--name",
            "new",
            "--circle",
            "1,2,300",
            "--attribute",
            "kind=other");
    assertEquals(new Run(ExitCode.OK, "a\n", ""), updated);
    Run got = run("", "zones", "get", "a", "--collection", "carrier");
    assertTrue(got.out().contains("\"name\":\"new\""), got.toString());
    assertTrue(got.out().contains("\"radius_m\":300.0"), got.toString());
    assertTrue(got.out().contains("\"kind\":\"other\",\"n\":\"7\""), got.toString());
    assertEquals(ExitCode.NOT_FOUND, run("", "zones", "get", "a").exitCode());
    assertEquals(
        ExitCode.OK, run("", "zones", "remove", "a", "--collection", "carrier").exitCode());
    assertEquals(2, kept().size());
  }

  private void assertSays(String file, String reason) {
    Run run = apply(file);
    assertEquals(ExitCode.FAILED, run.exitCode(), run.toString());
    assertTrue(run.err().contains(reason), run.err());
  }

  private Run apply(String file, String... more) {
    String[] args = new String[5 + more.length];
    System.arraycopy(
        new String[] {"zones", "apply", "-", "--collection", "carrier"}, 0, args, 0, 5);
    System.arraycopy(more, 0, args, 5, more.length);
    return run(file, args);
  }

  private Run run(String input, String... args) {
    return new Run.Setup().folder(folder.resolve("store")).input(input).run(args);
  }

  private List<Zone> kept() {
    try (Store store = EmbeddedStore.open(folder.resolve("store"), 100)) {
      return store
          .zones()
          .list(new Selection("carrier", Optional.empty(), true), ZoneKey.FIRST, 100);
    }
  }
}
