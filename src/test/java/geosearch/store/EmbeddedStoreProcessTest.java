package geosearch.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import geosearch.geo.Area;
import geosearch.store.DatasetWriter.Provenance;
import geosearch.store.StoreException.Kind;
import geosearch.testing.ChildJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The embedded store beside other processes: that die with it open, or want it too. */
class EmbeddedStoreProcessTest {

  private static final int ROUNDS = 5;

  @TempDir Path folder;

  @Test
  void open_afterKill_hasAllThatWasAcknowledged() throws Exception {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    Model model = new Model();
    int changes = 0;
    for (int round = 0; round < ROUNDS; round++) {
      List<String> lines = new ArrayList<>();
      try (ChildJvm worker =
          ChildJvm.start(
              EmbeddedStoreWorker.class, List.of(), folder.toString(), "" + random.nextLong())) {
        lines.add(worker.line());
        LockSupport.parkNanos(1_000_000L * (100 + random.nextInt(1500)));
        lines.addAll(worker.kill());
      }
      String pending = "";
      for (String line : lines) {
        if (line.startsWith("begin ")) {
          pending = line.substring("begin ".length());
        } else {
          model.apply(pending);
          pending = "";
          changes++;
        }
      }
      try (Store store = EmbeddedStore.open(folder, EmbeddedStoreWorker.MAX_ZONES)) {
        List<String> actual = EmbeddedStoreWorker.describe(store);
        List<String> acknowledged = model.describe();
        if (!pending.isEmpty() && !actual.equals(acknowledged)) {
          model.apply(pending);
        }
        assertEquals(
            model.describe(), actual, "seed " + seed + ", round " + round + ", last " + pending);
      }
    }
    assertTrue(changes > ROUNDS, "changes: " + changes);
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(
          Set.of(folder.resolve(EmbeddedFile.NAME), folder.resolve(EmbeddedIdentity.NAME)),
          files.collect(Collectors.toSet()));
    }
  }

  @Test
  void open_whileAnotherProcessHasIt_isRefusedUntilThatEnds() throws Exception {
    try (ChildJvm owner =
        ChildJvm.start(EmbeddedStoreWorker.class, List.of(), folder.toString(), "1")) {
      owner.line();

      StoreException refusal =
          assertThrows(StoreException.class, () -> EmbeddedStore.open(folder, 10));

      assertEquals(Kind.REFUSED, refusal.kind());
      assertTrue(refusal.getMessage().contains("another process"), refusal.getMessage());
      assertTrue(refusal.getMessage().contains("stop the server"), refusal.getMessage());
      owner.kill();
    }
    try (Store store = EmbeddedStore.open(folder, EmbeddedStoreWorker.MAX_ZONES)) {
      assertTrue(store.readOnlyReason().isEmpty());
    }
  }

  @Test
  void commit_muchMoreThanTheHeap_isImportedAndRead() throws Exception {
    try (ChildJvm small =
        ChildJvm.start(BigImport.class, List.of("-Xmx40m", "-Xms40m"), folder.toString())) {
      assertEquals(List.of("imported", "refused", "read"), small.rest());
      assertEquals(0, small.exitCode());
    }
    long bytes = Files.size(folder.resolve(EmbeddedFile.NAME));
    assertTrue(bytes > (long) BigImport.AREAS * BigImport.ATTRIBUTE_BYTES, bytes + " bytes");
  }

  /** Imports and reads 200 MB with the heap that its JVM has. */
  static final class BigImport {
    static final int AREAS = 200_000;
    static final int ATTRIBUTE_BYTES = 1000;

    private BigImport() {}

    public static void main(String[] args) {
      try (Store store = EmbeddedStore.open(Path.of(args[0]), 10)) {
        try (DatasetWriter writer = store.datasets().begin("big")) {
          addAll(writer);
          writer.commit(new Provenance("", "", 0, 0, "", 0), false);
          System.out.println("imported");
        }
        try (DatasetWriter writer = store.datasets().begin("big")) {
          addAll(writer);
          writer.add(AREAS + 1, new Area("a77", "", Map.of()), StoreContract.square(0, 0));
          writer.commit(new Provenance("", "", 0, 0, "", 0), false);
        } catch (StoreException e) {
          System.out.println(e.getMessage().contains("features 78, 200001") ? "refused" : e);
        }
        long[] count = {0};
        store.read(
            "big",
            new AreaSink() {
              @Override
              public void accept(Area area, org.locationtech.jts.geom.Geometry outline) {
                count[0]++;
              }

              @Override
              public void skip(String id, String reason) {
                throw new AssertionError(id + reason);
              }
            });
        System.out.println(count[0] == AREAS ? "read" : "read " + count[0]);
      }
    }

    private static void addAll(DatasetWriter writer) {
      String attribute = "x".repeat(ATTRIBUTE_BYTES);
      for (int i = 0; i < AREAS; i++) {
        writer.add(
            i + 1, new Area("a" + i, "", Map.of("x", attribute)), StoreContract.square(1, 1));
      }
    }
  }

  /** What a store should hold. */
  private static final class Model {
    private final TreeSet<String> zones = new TreeSet<>();
    private final TreeMap<String, TreeMap<Long, String>> layers = new TreeMap<>();
    private final TreeMap<String, Long> last = new TreeMap<>();
    private final TreeMap<String, Long> active = new TreeMap<>();

    void apply(String change) {
      String[] words = change.split(" ", -1);
      switch (words[0]) {
        case "create" -> zones.add(words[1]);
        case "delete" -> zones.remove(words[1]);
        case "activate" -> active.put(words[1], Long.valueOf(words[2]));
        case "import" -> {
          TreeMap<Long, String> versions = layers.computeIfAbsent(words[1], _ -> new TreeMap<>());
          long version = last.merge(words[1], 1L, Long::sum);
          versions.put(version, words[2]);
          active.put(words[1], version);
          while (versions.size() > Datasets.KEPT_VERSIONS) {
            versions.pollFirstEntry();
          }
        }
        default -> throw new IllegalArgumentException(change);
      }
    }

    List<String> describe() {
      List<String> lines = new ArrayList<>();
      zones.forEach(id -> lines.add("zone " + id));
      layers.forEach((layer, versions) ->
          versions
              .descendingMap()
              .forEach((version, areas) ->
                  lines.add(
                      "dataset "
                          + layer
                          + " "
                          + version
                          + " "
                          + areas
                          + (active.get(layer).equals(version) ? " active" : ""))));
      return lines;
    }
  }
}
