package geosearch.store;

import static geosearch.store.StoreContract.area;
import static geosearch.store.StoreContract.assertFails;
import static geosearch.store.StoreContract.square;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import geosearch.store.StoreException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that held a store is not taken for another one, and none is created in its place. */
class EmbeddedIdentityTest {

  private static final ZoneLimits LIMITS = ZoneLimits.of(100);
  private static final String[] HOW_TO = {"geosearch datasets accept --store"};

  @TempDir private Path temporary;

  private Path folder() {
    return temporary.resolve("store");
  }

  private Path file() {
    return folder().resolve(EmbeddedFile.NAME);
  }

  private Path beside() {
    return folder().resolve(EmbeddedIdentity.NAME);
  }

  private EmbeddedStore open() {
    return EmbeddedStore.open(folder(), LIMITS);
  }

  /** Leaves a store with a zone and a layer whose index is written down. */
  private void fill() {
    try (EmbeddedStore store = open()) {
      store.zones().create(area("z"), square(0, 0));
      importVersion(store);
      geosearch.geo.AreaIndex.Builder index = geosearch.geo.AreaIndex.builder();
      LayerContent content =
          store.read(
              "commune",
              new AreaSink() {
                @Override
                public void accept(
                    geosearch.geo.Area area, org.locationtech.jts.geom.Geometry outline) {
                  index.add(area, outline);
                }

                @Override
                public void skip(String id, String reason) {
                  throw new AssertionError(id + reason);
                }
              });
      store.keepIndex(content, index.build());
    }
  }

  private static void importVersion(Store store) {
    try (DatasetWriter writer = store.datasets().begin("commune")) {
      writer.add(1, area("a"), square(0, 0));
      writer.commit(StoreContract.provenance(), false);
    }
  }

  private static Set<String> names(Store store) {
    return store.layers().stream().map(state -> state.layer().name()).collect(Collectors.toSet());
  }

  private Set<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder())) {
      return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
    }
  }

  private String identity() throws IOException {
    return identity(folder());
  }

  private static String identity(Path folder) throws IOException {
    return Files.readString(folder.resolve(EmbeddedIdentity.NAME)).substring(0, 36);
  }

  private static void writeFormat2(Path folder) throws IOException {
    Files.createDirectories(folder);
    try (InputStream packed =
            EmbeddedIdentityTest.class.getResourceAsStream("embedded-format-2.mv.db.gz");
        InputStream bytes = new GZIPInputStream(packed)) {
      Files.copy(bytes, folder.resolve(EmbeddedFile.NAME));
    }
  }

  private void assertRefused(String... parts) throws IOException {
    Set<String> before = files();
    assertFails(Kind.MISMATCH, this::open, HOW_TO);
    StoreException failure = assertFails(Kind.MISMATCH, this::open, parts);
    assertTrue(failure.getMessage().contains(file().toString()), failure.getMessage());
    assertEquals(before, files());
  }

  private void acceptAndOpen(Set<String> layers) throws IOException {
    EmbeddedStore.accept(folder(), "");
    try (EmbeddedStore store = open()) {
      assertEquals(layers, names(store));
      store.zones().create(area("new"), square(0, 0));
    }
    try (EmbeddedStore store = open()) {
      assertTrue(names(store).containsAll(layers));
    }
  }

  // At a start

  @Test
  void open_again_isTheSameStore() throws IOException {
    fill();
    String identity = identity();
    fillMore();
    assertEquals(identity, identity());
  }

  @Test
  void open_fileIsMissing_isRefusedUntilItIsAccepted() throws IOException {
    fill();
    Files.delete(file());

    assertRefused("is missing", identity());
    acceptAndOpen(Set.of("thing"));
  }

  @Test
  void open_fileIsMissingBesideIndexesAlone_isRefusedUntilItIsAccepted() throws IOException {
    fill();
    Files.delete(file());
    Files.delete(beside());

    assertRefused("is missing", "indexes");
    acceptAndOpen(Set.of("thing"));
  }

  @Test
  void open_fileIsEmpty_isRefusedUntilItIsAccepted() throws IOException {
    fill();
    Files.write(file(), new byte[0], StandardOpenOption.TRUNCATE_EXISTING);

    assertRefused("is empty", identity());
    assertEquals(0, Files.size(file()));
    acceptAndOpen(Set.of("thing"));
  }

  @Test
  void open_fileOfAnotherStore_isRefusedAndLeftAloneUntilItIsAccepted() throws IOException {
    Path other = temporary.resolve("other");
    try (EmbeddedStore store = EmbeddedStore.open(other, LIMITS)) {
      store.zones().create(area("o"), square(0, 0));
    }
    fill();
    Files.copy(other.resolve(EmbeddedFile.NAME), file(), StandardCopyOption.REPLACE_EXISTING);
    byte[] bytes = Files.readAllBytes(file());

    assertRefused(identity(), "found identity");
    assertArrayEquals(bytes, Files.readAllBytes(file()));
    acceptAndOpen(Set.of("thing"));
    try (EmbeddedStore store = open()) {
      assertEquals(2, store.zones().list("", 10, false).size());
    }
  }

  @Test
  void open_olderState_isRefusedUntilItIsAccepted() throws IOException {
    fill();
    Path backup = temporary.resolve("backup");
    Files.copy(file(), backup);
    fillMore();
    Files.copy(backup, file(), StandardCopyOption.REPLACE_EXISTING);

    assertRefused("expected revision", "older backup");
    acceptAndOpen(Set.of("commune", "thing"));
  }

  private void fillMore() {
    try (EmbeddedStore store = open()) {
      store.zones().create(area("more"), square(0, 0));
    }
  }

  @Test
  void open_newerStateThanWasNoted_isTaken() throws IOException {
    fill();
    byte[] noted = Files.readAllBytes(beside());
    fillMore();
    Files.write(beside(), noted);

    try (EmbeddedStore store = open()) {
      assertEquals(2, store.zones().list("", 10, false).size());
    }
    assertFalse(java.util.Arrays.equals(noted, Files.readAllBytes(beside())));
  }

  @Test
  void open_identityIsNamed_usesNoOtherAndCreatesNone() throws IOException {
    assertFails(
        Kind.MISMATCH, () -> EmbeddedStore.open(folder(), "x", LIMITS), "is missing", "identity x");
    assertFalse(Files.exists(file()));
    fill();
    assertFails(
        Kind.MISMATCH, () -> EmbeddedStore.open(folder(), "x", LIMITS), "store.identity", "x");
    assertFails(Kind.MISMATCH, () -> EmbeddedStore.accept(folder(), "x"), "store.identity");
    EmbeddedStore.open(folder(), identity(), LIMITS).close();
  }

  @Test
  void begin_storeWasLost_makesNoCopyOfTheTemplate() throws IOException {
    Path template = temporary.resolve("template");
    EmbeddedStore.open(template, LIMITS).close();
    fill();
    Files.delete(file());

    EmbeddedStore.begin(folder(), "", template);

    assertRefused("is missing");
  }

  @Test
  void begin_sameTemplateTwice_areTwoStores() throws IOException {
    fill();
    String original = identity();
    Path first = temporary.resolve("first");
    Path second = temporary.resolve("second");

    EmbeddedStore.begin(first, "", folder());
    EmbeddedStore.begin(second, "", folder());
    EmbeddedStore.open(first, LIMITS).close();
    EmbeddedStore.open(second, LIMITS).close();

    assertEquals(original, identity());
    assertNotEquals(original, identity(first));
    assertNotEquals(identity(first), identity(second));
    assertFails(Kind.MISMATCH, () -> EmbeddedStore.open(second, identity(first), LIMITS));
  }

  @Test
  void begin_templateOfFormat2_isAStoreOnceItIsOpened() throws IOException {
    Path template = temporary.resolve("template");
    writeFormat2(template);

    EmbeddedStore.begin(folder(), "", template);

    EmbeddedStore.open(folder(), LIMITS).close();
    assertFalse(identity().isEmpty());
  }

  @Test
  void begin_templateIsDamaged_namesItAndMakesNoStore() throws IOException {
    Path template = temporary.resolve("template");
    Files.createDirectories(template);
    Files.write(template.resolve(EmbeddedFile.NAME), new byte[10_000]);

    assertFails(
        Kind.CORRUPT,
        () -> EmbeddedStore.begin(folder(), "", template),
        template.toString(),
        "store.template");

    assertFalse(Files.exists(file()));
  }

  @Test
  void begin_identityIsNamed_makesNoCopy() throws IOException {
    Path template = temporary.resolve("template");
    EmbeddedStore.open(template, LIMITS).close();

    EmbeddedStore.begin(folder(), "x", template);

    assertFalse(Files.exists(folder()));
  }

  @Test
  void open_fileOfFormat2_isUpgradedAndHoldsTheSame() throws IOException {
    writeFormat2(folder());
    for (int round = 0; round < 2; round++) {
      try (EmbeddedStore store = open()) {
        assertEquals(Set.of("commune", "depot", "thing"), names(store));
        assertEquals(Set.of("a"), StoreContents.of(store, "thing").areas.keySet());
        assertEquals(Set.of("c"), StoreContents.of(store, "depot").areas.keySet());
        assertEquals(Set.of("x", "y"), StoreContents.of(store, "commune").areas.keySet());
        assertEquals(
            List.of(2L, 1L), store.datasets().list().stream().map(Dataset::version).toList());
        assertEquals(5, store.zones().changes(0, 10, false).revision());
      }
    }
    assertEquals(36, identity().length());
  }

  // In mid-life

  private void assertNothingIsDone(EmbeddedStore store) throws IOException {
    Set<String> before = files();
    assertFails(Kind.MISMATCH, store::layers, HOW_TO);
    assertFails(Kind.MISMATCH, () -> store.zones().create(area("new"), square(0, 0)), HOW_TO);
    assertFails(Kind.MISMATCH, () -> store.datasets().begin("commune"), HOW_TO);
    assertFails(Kind.MISMATCH, () -> store.read("commune", new StoreContents()), HOW_TO);
    assertEquals(before, files());
  }

  @Test
  void anyCall_fileIsDeletedMeanwhile_isRefusedUntilItIsBack() throws IOException {
    fill();
    try (EmbeddedStore store = open()) {
      Path aside = temporary.resolve("aside");
      Files.move(file(), aside);
      assertNothingIsDone(store);

      Files.move(aside, file());

      assertEquals(Set.of("commune", "thing"), names(store));
      store.zones().create(area("new"), square(0, 0));
      assertEquals(0, store.acceptances());
    }
  }

  @Test
  void accept_fileIsDeletedMeanwhile_beginsAnew() throws IOException {
    fill();
    String before = identity();
    try (EmbeddedStore store = open()) {
      Files.delete(file());
      assertNothingIsDone(store);

      store.accept();

      assertEquals(Set.of("thing"), names(store));
      assertEquals(1, store.acceptances());
      store.zones().create(area("new"), square(0, 0));
    }
    assertNotEquals(before, identity());
    try (EmbeddedStore store = open()) {
      assertEquals(1, store.zones().list("", 10, false).size());
    }
  }

  @Test
  void accept_fileIsEmptiedMeanwhile_beginsAnew() throws IOException {
    fill();
    try (EmbeddedStore store = open()) {
      Files.write(file(), new byte[0], StandardOpenOption.TRUNCATE_EXISTING);
      assertNothingIsDone(store);

      store.accept();

      assertEquals(Set.of("thing"), names(store));
    }
  }

  @Test
  void accept_anotherStoreIsMovedOrCopiedOverIt_isThatStore() throws IOException {
    for (boolean copied : List.of(true, false)) {
      Path other = temporary.resolve("other" + copied);
      try (EmbeddedStore store = EmbeddedStore.open(other, LIMITS)) {
        store.zones().create(area("o"), square(0, 0));
      }
      EmbeddedStore.accept(folder(), "");
      fillAgain();
      byte[] bytes = Files.readAllBytes(other.resolve(EmbeddedFile.NAME));
      try (EmbeddedStore store = open()) {
        if (copied) {
          Files.write(file(), bytes, StandardOpenOption.TRUNCATE_EXISTING);
        } else {
          Files.move(other.resolve(EmbeddedFile.NAME), file(), StandardCopyOption.REPLACE_EXISTING);
        }
        assertNothingIsDone(store);
        assertArrayEquals(bytes, Files.readAllBytes(file()));

        store.accept();

        assertEquals(Set.of("thing"), names(store));
        assertEquals("o", store.zones().list("", 10, false).getFirst().area().id());
      }
    }
  }

  private void fillAgain() {
    try (EmbeddedStore store = open()) {
      importVersion(store);
    }
  }

  @Test
  void close_anotherStoreIsCopiedOverIt_leavesThatAlone() throws IOException {
    Path other = temporary.resolve("other");
    EmbeddedStore.open(other, LIMITS).close();
    byte[] bytes = Files.readAllBytes(other.resolve(EmbeddedFile.NAME));
    fill();
    try (EmbeddedStore _ = open()) {
      Files.write(file(), bytes, StandardOpenOption.TRUNCATE_EXISTING);
    }
    assertArrayEquals(bytes, Files.readAllBytes(file()));
  }
}
