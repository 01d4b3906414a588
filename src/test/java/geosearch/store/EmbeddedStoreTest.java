package geosearch.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import geosearch.geo.Area;
import geosearch.geo.AreaIndex;
import geosearch.store.StoreException.Kind;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.ByteArrayDataType;
import org.h2.mvstore.type.LongDataType;
import org.h2.mvstore.type.StringDataType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.locationtech.jts.geom.Geometry;

class EmbeddedStoreTest extends StoreContract {

  @TempDir Path temporary;

  @Override
  Store open(int maxZones) {
    return EmbeddedStore.open(folder(), maxZones);
  }

  private Path folder() {
    return temporary.resolve("new").resolve("store");
  }

  private Path file() {
    return folder().resolve(EmbeddedFile.NAME);
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void open_newFolder_belongsToItsOwnerAlone() throws IOException {
    assertEquals(
        "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder())));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file())));
  }

  @Test
  void open_twiceInOneProcess_isRefused() {
    assertFails(Kind.REFUSED, () -> open(10), folder().toString(), "stop the server");

    zone("the first goes on");
  }

  @Test
  void open_folderIsAFile_isUnavailable() throws IOException {
    Path notAFolder = Files.writeString(temporary.resolve("file"), "");

    assertFails(Kind.UNAVAILABLE, () -> EmbeddedStore.open(notAFolder, 10), notAFolder.toString());
  }

  @Test
  void open_fileOfSomethingElse_isCorruptAndLeftAlone() throws IOException {
    Path other = Files.createDirectories(temporary.resolve("other"));
    Path otherFile = other.resolve(EmbeddedFile.NAME);
    Files.writeString(otherFile, "no store at all, ".repeat(1000));

    assertFails(Kind.CORRUPT, () -> EmbeddedStore.open(other, 10), otherFile.toString());

    assertTrue(Files.readString(otherFile).startsWith("no store at all"));
  }

  @Test
  void open_storeOfAnotherProgram_isCorrupt() throws IOException {
    Path other = Files.createDirectories(temporary.resolve("other"));
    try (MVStore foreign = MVStore.open(other.resolve(EmbeddedFile.NAME).toString())) {
      foreign.openMap("theirs").put("a", "b");
    }

    assertFails(Kind.CORRUPT, () -> EmbeddedStore.open(other, 10), "no store of this program");
  }

  @Test
  void open_storeOfTheFirstVersion_keepsItsZones() throws IOException {
    store.close();
    Area area = new Area("a", "old", Map.of("k", "v"), 4);
    Instant created = Instant.parse("2026-01-02T03:04:05.000006Z");
    Files.delete(file());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeLong(7);
    AreaCodec.writeTime(out, created);
    new AreaCodec().write(out, area, square(1, 2));
    try (MVStore old = MVStore.open(file().toString())) {
      old.openMap(
              "zones",
              new MVMap.Builder<byte[], byte[]>()
                  .keyType(ByteArrayDataType.INSTANCE)
                  .valueType(ByteArrayDataType.INSTANCE))
          .put("a".getBytes(UTF_8), bytes.toByteArray());
      old.openMap(
              "counters",
              new MVMap.Builder<String, Long>()
                  .keyType(StringDataType.INSTANCE)
                  .valueType(LongDataType.INSTANCE))
          .put(EmbeddedTables.ZONE_REVISION, 8L);
      old.setStoreVersion(1);
    }
    EmbeddedStore.accept(folder(), "");

    store = open(MAX_ZONES);

    Zone zone = store.zones().get(new ZoneKey(Store.ZONE_LAYER, "a"), Optional.empty());
    assertEquals(area, zone.area());
    assertEquals(7, zone.revision());
    assertEquals(Optional.of(created), zone.createTime());
    assertEquals(Map.of("a", area), StoreContents.of(store, Store.ZONE_LAYER).areas);
    assertFails(Kind.OUT_OF_RANGE, () -> store.zones().changes(7, 10, false));
    assertEquals(9, zone("b").revision());
    assertEquals(1, store.zones().changes(8, 10, false).changes().size());
  }

  @Test
  void open_storeOfANewerVersion_isCorruptAndSaysSo() {
    store.close();
    try (MVStore newer = MVStore.open(file().toString())) {
      newer.setStoreVersion(4);
    }

    assertFails(Kind.CORRUPT, () -> open(10), "newer version");
    try (MVStore older = MVStore.open(file().toString())) {
      older.setStoreVersion(3);
    }
    store = open(MAX_ZONES);
  }

  @Test
  void open_endOfTheFileIsLost_isRefused() throws IOException {
    for (int i = 0; i < 50; i++) {
      zone("z" + i);
    }
    store.close();
    try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(4096), channel.size() - 4096);
    }

    StoreException failure = assertThrows(StoreException.class, () -> open(MAX_ZONES));
    assertTrue(Set.of(Kind.CORRUPT, Kind.MISMATCH).contains(failure.kind()), failure.getMessage());
  }

  @Test
  void anyCall_ofAnInterruptedThread_worksAndLeavesTheStoreOpenForOthers() {
    importSquares(LAYER, "a", "b");
    Thread.currentThread().interrupt();
    zone("z");
    importSquares(LAYER, "c", "d");
    Set<String> read = StoreContents.of(store, LAYER).areas.keySet();
    assertTrue(Thread.interrupted(), "the mark stays");

    assertEquals(Set.of("c", "d"), read);
    assertEquals(List.of("z"), zoneIds("", 10));
  }

  @Test
  void read_versionIsDroppedMeanwhile_givesAllOfIt() {
    int areas = 3000;
    importWithAttributes(areas, 1000);
    Set<String> seen = new TreeSet<>();

    store.read(
        LAYER,
        new AreaSink() {
          @Override
          public void accept(Area area, Geometry outline) {
            if (seen.isEmpty()) {
              for (int i = 0; i < 6; i++) {
                importWithAttributes(areas, 1000);
              }
            }
            seen.add(area.id());
          }

          @Override
          public void skip(String id, String reason) {}
        });

    assertEquals(areas, seen.size());
    assertEquals("7", state(LAYER).layer().version());
  }

  @Test
  void commit_again_reusesTheSpaceOfDroppedVersions() {
    int inARow = 20;
    Deque<Long> sizes = new ArrayDeque<>();

    await()
        .atMost(Duration.ofMinutes(1))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> {
          importWithAttributes(500, 1000);
          sizes.addLast(Files.size(file()));
          return sizes.size() > inARow && sizes.removeFirst() >= sizes.getLast();
        });

    store.close();
    store = open(MAX_ZONES);
    assertEquals(500, StoreContents.of(store, LAYER).areas.size());
  }

  private AreaIndex index(String layer) {
    AreaIndex.Builder index = AreaIndex.builder();
    LayerContent content =
        store.read(
            layer,
            new AreaSink() {
              @Override
              public void accept(Area area, Geometry outline) {
                index.add(area, outline);
              }

              @Override
              public void skip(String id, String reason) {
                throw new AssertionError(reason);
              }
            });
    AreaIndex built = index.build();
    store.keepIndex(content, built);
    return built;
  }

  @Test
  void keptIndex_afterRestart_isThatOfTheActiveVersion() {
    importSquares(LAYER, "a", "b");
    assertTrue(store.keptIndex(LAYER, size -> true).isEmpty());
    assertEquals(2, index(LAYER).size());
    store.close();
    store = open(10);

    KeptIndex kept = store.keptIndex(LAYER, size -> true).orElseThrow();
    assertEquals(2, kept.index().size());
    assertEquals("1", kept.content().state().fingerprint());

    importSquares(LAYER, "a", "b", "c");
    assertTrue(store.keptIndex(LAYER, size -> true).isEmpty());
    assertEquals(3, index(LAYER).size());
    assertEquals(3, store.keptIndex(LAYER, size -> true).orElseThrow().index().size());
  }

  @Test
  void keptIndex_ofAnotherStoreInTheSamePlace_isNotTaken() throws IOException {
    importSquares(LAYER, "a", "b");
    index(LAYER);
    store.close();
    Files.delete(file());
    EmbeddedStore.accept(folder(), "");
    store = open(10);
    importSquares(LAYER, "c");

    assertTrue(store.keptIndex(LAYER, size -> true).isEmpty());
  }

  @Test
  void deleteLayer_indexWrittenDown_goesToo() throws IOException {
    importSquares(LAYER, "a", "b");
    index(LAYER);
    byte[] written = Files.readAllBytes(folder().resolve(LAYER + IndexFile.SUFFIX));

    store.datasets().deleteLayer(LAYER);

    assertTrue(store.keptIndex(LAYER, size -> true).isEmpty());
    assertFalse(Files.exists(folder().resolve(LAYER + IndexFile.SUFFIX)));
    store.close();
    Files.write(folder().resolve(LAYER + IndexFile.SUFFIX), written);
    store = open(10);
    assertFalse(Files.exists(folder().resolve(LAYER + IndexFile.SUFFIX)));
  }

  @Test
  void begin_noStoreYet_isACopyOfTheTemplate() {
    importSquares(LAYER, "a", "b");
    index(LAYER);
    store.close();
    Path copy = temporary.resolve("copy").resolve("store");

    EmbeddedStore.begin(copy, "", folder());

    try (EmbeddedStore begun = EmbeddedStore.open(copy, 10)) {
      assertEquals(2, begun.datasets().list().getFirst().areas());
      assertTrue(begun.keptIndex(LAYER, size -> true).isPresent());
      begun.datasets().begin("another").close();
    }
  }

  @Test
  void begin_storeThereAlready_leavesIt() {
    importSquares(LAYER, "a", "b");
    store.close();
    Path other = temporary.resolve("other");
    EmbeddedStore.open(other, 10).close();

    EmbeddedStore.begin(other, "", folder());

    try (EmbeddedStore begun = EmbeddedStore.open(other, 10)) {
      assertEquals(List.of(), begun.datasets().list());
    }
  }

  @Test
  void begin_noTemplate_isRefused() {
    Path none = temporary.resolve("none");

    assertFails(
        Kind.REFUSED,
        () -> EmbeddedStore.begin(temporary.resolve("new2"), "", none),
        none.toString(),
        "store.template");
    assertFalse(Files.exists(temporary.resolve("new2")));
  }

  @Test
  void close_whileOthersUseIt_endsAndTheyAreTold() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
      Future<?> importing =
          threads.submit(() -> {
            try (DatasetWriter writer = store.datasets().begin(LAYER)) {
              for (int i = 1; ; i++) {
                writer.add(i, areaOf(i, 1000), square(0, 0));
                if (i == 1000) {
                  begun.countDown();
                }
              }
            }
          });
      begun.await();

      assertTimeoutPreemptively(Duration.ofSeconds(20), store::close);

      assertFails(
          Kind.UNAVAILABLE,
          () -> {
            try {
              importing.get();
            } catch (java.util.concurrent.ExecutionException e) {
              throw e.getCause();
            }
          },
          "closed");
    }
    assertFails(Kind.UNAVAILABLE, () -> store.layers(), "closed");
    assertFails(Kind.UNAVAILABLE, () -> store.zones().create(area("z"), square(0, 0)), "closed");
    store = open(MAX_ZONES);
    assertEquals(List.of(), versions());
    try (var files = Files.list(folder())) {
      assertEquals(
          Set.of(file(), folder().resolve(EmbeddedIdentity.NAME)),
          files.collect(Collectors.toSet()));
    }
  }

  @Test
  void create_outlineOfManyVertices_isKept() {
    Geometry large =
        new org.locationtech.jts.util.GeometricShapeFactory() {
          {
            setNumPoints(200_000);
            setSize(50);
          }
        }.createCircle();

    store.zones().create(area("large"), large);

    assertTrue(
        large.equalsExact(store.zones().list("", 1, true).getFirst().outline().orElseThrow()));
  }

  @Test
  void list_idsOutsideTheBasicPlane_isInTheOrderOfCodePoints() {
    zone("\uFFFD");
    zone("𝄞");
    zone("z");

    assertEquals(List.of("z", "\uFFFD", "𝄞"), zoneIds("", 10));
    assertEquals(List.of("𝄞"), zoneIds("\uFFFD", 10));
    assertFalse(zoneIds("z", 10).contains("z"));
  }

  private void importWithAttributes(int areas, int bytes) {
    try (DatasetWriter writer = store.datasets().begin(LAYER)) {
      for (int i = 1; i <= areas; i++) {
        writer.add(i, areaOf(i, bytes), square(0, 0));
      }
      writer.commit(provenance(), false);
    }
  }

  private static Area areaOf(int number, int bytes) {
    return new Area("a" + number, "", Map.of("x", "x".repeat(bytes)));
  }
}
