package geosearch.store;

import static geosearch.store.StoreContract.area;
import static geosearch.store.StoreContract.provenance;
import static geosearch.store.StoreContract.square;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import geosearch.geo.Area;
import geosearch.store.StoreException.Kind;
import geosearch.store.Zones.Selection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.h2.mvstore.MVStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bytes that changed in the file of an embedded store are found when they are read. */
class EmbeddedChecksumTest {

  private static final String NEEDLE = "needle in the zone";

  private @TempDir Path folder;
  private Path file;

  @BeforeEach
  void fill() {
    file = folder.resolve(EmbeddedFile.NAME);
    try (Store store = EmbeddedStore.open(folder, 10)) {
      importAreas(store, "town", "needle in the area");
      importAreas(store, "village", "something else");
      store.zones().create(area("before"), square(0, 0));
      store.zones().create(area("marked", NEEDLE), square(1, 1));
      store.zones().create(area("with"), square(2, 2));
    }
  }

  private static void importAreas(Store store, String layer, String name) {
    try (DatasetWriter writer = store.datasets().begin(layer)) {
      writer.add(1, area("a", name), square(0, 0));
      writer.add(2, area("b"), square(0, 0));
      writer.commit(provenance(), false);
    }
  }

  /** Everything that can be read of zones, each in its own way. */
  private static final List<Function<Store, String>> READINGS =
      List.of(
          store -> store.zones().get(new ZoneKey("thing", "marked"), Optional.empty()).toString(),
          store ->
              store
                  .zones()
                  .list(new Selection("thing", Optional.empty(), true), ZoneKey.FIRST, 10)
                  .toString(),
          store -> {
            StoreContents contents = StoreContents.of(store, "thing");
            return contents.areas + " " + contents.outlines;
          },
          store -> {
            StoreContents contents = new StoreContents();
            store.zones().past("thing", contents);
            return contents.areas + " " + contents.outlines;
          },
          store -> store.zones().changes(0, 10, true).toString());

  private static List<Integer> places(byte[] bytes, String text) {
    byte[] wanted = text.getBytes(StandardCharsets.UTF_8);
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i + wanted.length <= bytes.length; i++) {
      if (Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
        places.add(i);
      }
    }
    return places;
  }

  private static String read(Store store, Function<Store, String> reading) {
    try {
      return reading.apply(store);
    } catch (StoreException e) {
      assertEquals(Kind.CORRUPT, e.kind(), e.toString());
      return "corrupt";
    }
  }

  private List<String> readAll() {
    try (Store store = EmbeddedStore.open(folder, 10)) {
      return READINGS.stream().map(reading -> read(store, reading)).toList();
    } catch (StoreException e) {
      assertEquals(Kind.CORRUPT, e.kind(), e.toString());
      return List.of("corrupt");
    }
  }

  /** Changes the bytes of all copies of a text, as MVStore keeps earlier ones for some time. */
  private void damage(String text) {
    try {
      byte[] bytes = Files.readAllBytes(file);
      List<Integer> places = places(bytes, text);
      assertTrue(!places.isEmpty(), text);
      places.forEach(place -> bytes[place] ^= 4);
      Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void read_anyByteAboutAZoneChanged_isCorruptOrEqual() throws IOException {
    List<String> expected = readAll();
    byte[] whole = Files.readAllBytes(file);
    int found = 0;
    for (int place : places(whole, NEEDLE)) {
      // The keys and values before it, itself, and its outline with the values after it.
      for (int i = place - 120; i < place + 200; i++) {
        byte[] changed = whole.clone();
        changed[i] ^= (byte) (1 << i % 8);
        Files.write(file, changed);
        List<String> actual = readAll();
        for (int reading = 0; reading < actual.size(); reading++) {
          if (actual.get(reading).equals("corrupt")) {
            found++;
          } else {
            assertEquals(expected.get(reading), actual.get(reading), "byte " + i);
          }
        }
      }
    }
    assertTrue(found > 200, found + " readings were corrupt");
  }

  @Test
  void get_zoneIsDamaged_namesItAndServesTheOthersUntilItIsDeleted() {
    damage(NEEDLE);

    try (Store store = EmbeddedStore.open(folder, 10)) {
      StoreException failure =
          assertThrows(
              StoreException.class,
              () -> store.zones().get(new ZoneKey("thing", "marked"), Optional.empty()));
      assertEquals(
          "the zone thing/marked in the embedded store is damaged: it is not what was written"
              + " (map zones); restore a backup, or delete the zone and create it again",
          failure.getMessage());
      assertEquals(
          "with", store.zones().get(new ZoneKey("thing", "with"), Optional.empty()).area().id());
      StoreContract.assertFails(Kind.CORRUPT, () -> StoreContents.of(store, "thing"));

      store.zones().delete("marked");
      store.zones().create(area("marked", NEEDLE), square(1, 1));

      assertEquals(
          Set.of("before", "marked", "with"), StoreContents.of(store, "thing").areas.keySet());
    }
  }

  @Test
  void read_blockOfAreasIsDamaged_isCorruptUntilItIsImportedAgain() {
    damage("needle in the area");

    try (Store store = EmbeddedStore.open(folder, 10)) {
      StoreContract.assertFails(
          Kind.CORRUPT, () -> StoreContents.of(store, "town"), "import the layer again");
      assertEquals(2, StoreContents.of(store, "village").areas.size());

      importAreas(store, "town", "new");

      assertEquals(2, StoreContents.of(store, "town").areas.size());
    }
  }

  @Test
  void layers_whatIsKnownOfOneIsDamaged_namesTheProblemAndServesTheOthers() {
    damage(provenance().source()); // of both layers

    try (Store store = EmbeddedStore.open(folder, 10)) {
      List<LayerState> layers = store.layers();
      assertEquals(
          List.of("town", "village", "thing"),
          layers.stream().map(state -> state.layer().name()).toList());
      assertTrue(layers.get(0).problem().orElseThrow().contains("layer town"));
      assertTrue(layers.get(1).problem().orElseThrow().contains("layer village"));
      assertEquals(Optional.empty(), layers.get(2).problem());
      assertEquals(3, StoreContents.of(store, "thing").areas.size());
    }
  }

  @Test
  void open_fileFromBeforeChecksums_hasAllAndGetsThem() throws IOException {
    Files.copy(
        Path.of("src/test/resources/geosearch/store/format-2", EmbeddedFile.NAME),
        file,
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    Files.delete(folder.resolve(EmbeddedIdentity.NAME)); // of the store that was there

    for (int i = 0; i < 2; i++) {
      try (Store store = EmbeddedStore.open(folder, 10)) {
        assertEquals(Map.of("a", area("a"), "b", area("b")), StoreContents.of(store, "town").areas);
        Zone first = store.zones().get(new ZoneKey("thing", "first"), Optional.empty());
        assertEquals(area("first"), first.area());
        assertEquals(square(1, 1), first.outline().orElseThrow());
        assertEquals(Set.of("second"), StoreContents.of(store, "camp").areas.keySet());
        assertEquals(5, store.zones().revision());
        assertEquals(5, store.zones().changes(0, 10, true).changes().size());
        assertEquals(
            1,
            store
                .zones()
                .create(
                    new ZoneDraft("thing", area("first"), square(0, 0), Optional.empty()),
                    Optional.of(new Zones.Request("request", "content")))
                .revision());
      } catch (StoreException e) {
        throw new AssertionError("opening " + i, e);
      }
    }
    try (MVStore raw = new MVStore.Builder().fileName(file.toString()).readOnly().open()) {
      assertEquals(3, raw.getStoreVersion());
      assertTrue(raw.getMapNames().stream().noneMatch(name -> name.endsWith(".unfinished")));
    }
    damage(area("second").name());
    try (Store store = EmbeddedStore.open(folder, 10)) {
      StoreContract.assertFails(Kind.CORRUPT, () -> StoreContents.of(store, "camp"));
      Area town = StoreContents.of(store, "town").areas.get("a");
      assertEquals(area("a"), town);
    }
  }
}
