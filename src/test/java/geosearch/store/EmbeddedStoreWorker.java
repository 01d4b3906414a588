package geosearch.store;

import geosearch.geo.Area;
import geosearch.store.DatasetWriter.Provenance;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Changes an embedded store at random until it is killed. It says {@code begin CHANGE} before each
 * change and {@code done CHANGE} after it has returned.
 */
final class EmbeddedStoreWorker {

  static final int MAX_ZONES = 10_000;

  private final Path folder;
  private final Random random;
  private Store store;

  private EmbeddedStoreWorker(Path folder, long seed) {
    this.folder = folder;
    this.random = new Random(seed);
    this.store = EmbeddedStore.open(folder, MAX_ZONES);
  }

  /** Arguments: the folder, and a seed. */
  public static void main(String[] args) {
    EmbeddedStoreWorker worker = new EmbeddedStoreWorker(Path.of(args[0]), Long.parseLong(args[1]));
    while (true) {
      worker.step();
    }
  }

  private void step() {
    int dice = random.nextInt(20);
    if (dice < 11) {
      create("z" + random.nextInt(1_000_000));
    } else if (dice < 15) {
      delete();
    } else if (dice < 18) {
      importLayer("layer" + random.nextInt(3), 1 + random.nextInt(400));
    } else if (dice < 19) {
      activateOne();
    } else {
      store.close();
      store = EmbeddedStore.open(folder, MAX_ZONES);
    }
  }

  private void create(String id) {
    if (!zoneIds().contains(id)) {
      say("begin create " + id);
      store.zones().create(new Area(id, "a zone", Map.of()), StoreContract.square(1, 1));
      say("done create " + id);
    }
  }

  private void delete() {
    List<String> ids = zoneIds();
    if (!ids.isEmpty()) {
      String id = ids.get(random.nextInt(ids.size()));
      say("begin delete " + id);
      store.zones().delete(id);
      say("done delete " + id);
    }
  }

  private void importLayer(String layer, int areas) {
    String change = "import " + layer + " " + areas;
    try (DatasetWriter writer = store.datasets().begin(layer)) {
      byte[] noise = new byte[1000];
      for (int i = 0; i < areas; i++) {
        random.nextBytes(noise);
        Map<String, String> attributes =
            Map.of("noise", new java.math.BigInteger(noise).toString(36));
        writer.add(
            i + 1, new Area("a" + i, "", attributes), StoreContract.square(i % 300 * 0.5, 0));
      }
      say("begin " + change);
      writer.commit(new Provenance(change, "", 0, 0, "", 0), true);
      say("done " + change);
    }
  }

  private void activateOne() {
    List<Dataset> datasets = store.datasets().list();
    if (!datasets.isEmpty()) {
      Dataset dataset = datasets.get(random.nextInt(datasets.size()));
      String change = "activate " + dataset.layer() + " " + dataset.version();
      say("begin " + change);
      store.datasets().activate(dataset.layer(), dataset.version());
      say("done " + change);
    }
  }

  private List<String> zoneIds() {
    return zoneIds(store);
  }

  static List<String> zoneIds(Store store) {
    return store.zones().list("", MAX_ZONES, false).stream().map(zone -> zone.area().id()).toList();
  }

  /** All that a store holds, checked to be whole, as lines. */
  static List<String> describe(Store store) {
    List<String> lines = new ArrayList<>();
    zoneIds(store).forEach(id -> lines.add("zone " + id));
    for (Dataset dataset : store.datasets().list()) {
      lines.add(
          "dataset "
              + dataset.layer()
              + " "
              + dataset.version()
              + " "
              + dataset.areas()
              + (dataset.active() ? " active" : ""));
      if (dataset.active()) {
        StoreContents contents = StoreContents.of(store, dataset.layer());
        List<String> expected =
            IntStream.range(0, (int) dataset.areas()).mapToObj(i -> "a" + i).sorted().toList();
        if (!List.copyOf(contents.areas.keySet()).equals(expected)) {
          throw new AssertionError(dataset + " holds " + contents.areas.keySet());
        }
      }
    }
    return lines;
  }

  private static void say(String line) {
    System.out.println(line);
    System.out.flush();
  }
}
