package geosearch.store;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import geosearch.geo.Area;
import geosearch.store.DatasetWriter.Provenance;
import geosearch.store.StoreException.Kind;
import geosearch.testing.SmallDisk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.h2.mvstore.MVStoreTool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;

/** The embedded store on a disk without space. */
@Timeout(60)
class EmbeddedFullDiskIT {

  private static final Geometry SQUARE = new GeometryFactory().toGeometry(new Envelope(0, 1, 0, 1));
  private static final Provenance PROVENANCE = new Provenance("test", "", 0, 0, "", 0);
  private static final int MEGABYTES = 8;

  private @TempDir Path folder;
  private SmallDisk disk;

  @BeforeEach
  void mount() {
    disk = SmallDisk.mount(folder, MEGABYTES);
  }

  @AfterEach
  void unmount() {
    disk.close();
  }

  private static Area area(String id) {
    return new Area(id, "name of " + id, Map.of("text", "x".repeat(1000)));
  }

  private static List<String> zones(Store store) {
    return store.zones().list("", 100_000, true).stream()
        .map(zone -> zone.area() + " " + zone.outline().orElseThrow() + " " + zone.revision())
        .toList();
  }

  private static long areas(Store store, String layer) {
    return StoreContents.of(store, layer).areas.size();
  }

  private static void importAreas(Store store, String layer, int count) {
    try (DatasetWriter writer = store.datasets().begin(layer)) {
      for (int i = 0; i < count; i++) {
        writer.add(i + 1, area("a" + i), SQUARE);
      }
      writer.commit(PROVENANCE, false);
    }
  }

  private static StoreException assertFull(Executable write) {
    StoreException refusal = assertThrows(StoreException.class, write);
    assertEquals(Kind.FULL, refusal.kind(), refusal.toString());
    assertTrue(refusal.getMessage().contains("No space left on device"), refusal.getMessage());
    assertTrue(refusal.getMessage().contains("free some space"), refusal.getMessage());
    return refusal;
  }

  private static boolean isFull(Throwable e) {
    return e instanceof StoreException failure && failure.kind() == Kind.FULL;
  }

  @Test
  void create_diskIsFull_isRefusedAndNothingAcknowledgedIsLost() {
    List<String> before;
    try (Store store = EmbeddedStore.open(folder, 100_000)) {
      store.zones().create(area("first"), SQUARE);
      disk.fill();
      assertFull(() -> {
        for (int i = 0; i < 100_000; i++) {
          store.zones().create(area("z" + i), SQUARE);
        }
      });
      before = zones(store);
      assertFull(() -> store.zones().create(area("last"), SQUARE));
      assertEquals(before, zones(store));
    }
    try (Store store = EmbeddedStore.open(folder, 100_000)) {
      assertEquals(before, zones(store));
      disk.free();
      store.zones().create(area("last"), SQUARE);
      assertEquals(before.size() + 1, zones(store).size());
    }
    try (Store store = EmbeddedStore.open(folder, 100_000)) {
      assertEquals(before.size() + 1, zones(store).size());
    }
  }

  @Test
  void begin_importDoesNotFit_isRefusedAndSmallerOnesFitAgain() throws Exception {
    try (Store store = EmbeddedStore.open(folder, 10)) {
      importAreas(store, "town", 100);
      for (int i = 0; i < 5; i++) {
        assertFull(() -> importAreas(store, "town", 100_000));
        assertEquals(100, areas(store, "town"));
      }
      // What an import took is free some seconds after it was undone.
      await()
          .ignoreExceptionsMatching(EmbeddedFullDiskIT::isFull)
          .until(() -> {
            importAreas(store, "other", 1000);
            return true;
          });
      assertEquals(1000, areas(store, "other"));
    }
    try (Store store = EmbeddedStore.open(folder, 10)) {
      assertEquals(100, areas(store, "town"));
      assertEquals(1000, areas(store, "other"));
    }
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(
          Set.of(folder.resolve(EmbeddedFile.NAME), folder.resolve(EmbeddedIdentity.NAME)),
          files.collect(Collectors.toSet()));
    }
  }

  @Test
  void open_diskIsFull_reads() {
    try (Store store = EmbeddedStore.open(folder, 10)) {
      importAreas(store, "town", 100);
      store.zones().create(area("first"), SQUARE);
    }
    disk.fill();
    try (Store store = EmbeddedStore.open(folder, 10)) {
      assertEquals(100, areas(store, "town"));
      assertEquals(1, zones(store).size());
    }
  }

  @Test
  void open_oldFileOnAFullDisk_readsAndIsUpgradedOnceThereIsSpace() throws Exception {
    Files.copy(
        Path.of("src/test/resources/geosearch/store/format-2", EmbeddedFile.NAME),
        folder.resolve(EmbeddedFile.NAME));
    // The upgrade would fit into what is free within the file.
    MVStoreTool.compact(folder.resolve(EmbeddedFile.NAME).toString(), false);
    disk.fill();
    assertFull(() -> EmbeddedStore.accept(folder, ""));
    try (Store store = EmbeddedStore.open(folder, 10)) {
      assertEquals(2, areas(store, "town"));
      assertEquals(1, zones(store).size());
      assertFalse(Files.exists(folder.resolve(EmbeddedIdentity.NAME)));
      disk.free();
      store.zones().create(area("new"), SQUARE);
      importAreas(store, "other", 10);
    }
    for (int i = 0; i < 2; i++) {
      try (Store store = EmbeddedStore.open(folder, 10)) {
        assertEquals(2, areas(store, "town"));
        assertEquals(10, areas(store, "other"));
        assertEquals(2, zones(store).size());
      }
      assertTrue(Files.size(folder.resolve(EmbeddedIdentity.NAME)) > 0);
    }
  }
}
