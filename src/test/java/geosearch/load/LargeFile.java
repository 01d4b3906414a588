package geosearch.load;

import geosearch.config.ImportConfig;
import geosearch.store.Dataset;
import geosearch.store.EmbeddedStore;
import geosearch.store.Store;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * A collection of as many bytes as one likes, made while it is read. As a program it imports such a
 * file into an embedded store, to be run in a small heap: bytes, folder.
 */
final class LargeFile extends InputStream {

  private static final int VERTICES = 60;
  private static final String[][] CIRCLE = circle();

  private final long size;
  private byte[] part = Imports.utf8("{\"type\":\"FeatureCollection\",\"features\":[\n");
  private int position;
  private long made = part.length;
  private long features;
  private boolean ended;

  /**
   * @param size how many bytes it has at least
   */
  LargeFile(long size) {
    this.size = size;
  }

  static void main(String[] arguments) throws ImportRefusedException {
    long size = Long.parseLong(arguments[0]);
    try (Store store = EmbeddedStore.open(Path.of(arguments[1]), 1)) {
      Dataset dataset = importInto(store, size);
      System.out.println(dataset.areas() + " areas");
    }
  }

  /** Imports a file of some size as layer {@code large}. */
  static Dataset importInto(Store store, long size) throws ImportRefusedException {
    ImportConfig config = new ImportConfig(5_000_000, 65_536, Duration.ofSeconds(30));
    ImportRequest request =
        new ImportRequest("large", "id", "name", List.of(), "", 0, true, false, true);
    return new Importer(config)
        .run(
            request,
            List.of(ImportSource.of("large", new LargeFile(size))),
            store,
            (bytes, features) -> {})
        .dataset()
        .orElseThrow();
  }

  /** How many features have been made. */
  long features() {
    return features;
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, buffer.length);
    if (position == part.length && !makeNext()) {
      return -1;
    }
    int count = Math.min(length, part.length - position);
    System.arraycopy(part, position, buffer, offset, count);
    position += count;
    return count;
  }

  private boolean makeNext() {
    if (ended) {
      return false;
    }
    ended = made >= size;
    part = ended ? Imports.utf8("]}\n") : feature();
    position = 0;
    made += part.length;
    return true;
  }

  /** A circle within a square degree; its digits after the point are the same for all. */
  private byte[] feature() {
    String west = "[" + features % 180;
    String south = "," + features / 180 % 90;
    StringBuilder text = new StringBuilder(2000);
    if (features > 0) {
      text.append(",\n");
    }
    text.append("{\"type\":\"Feature\",\"properties\":{\"id\":").append(features);
    text.append(",\"name\":\"area ").append(features).append("\"},\"geometry\":");
    text.append("{\"type\":\"Polygon\",\"coordinates\":[[");
    for (int i = 0; i < CIRCLE.length; i++) {
      text.append(i == 0 ? "" : ",");
      text.append(west).append(CIRCLE[i][0]).append(south).append(CIRCLE[i][1]).append(']');
    }
    features++;
    return text.append("]]}}").toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String[][] circle() {
    String[][] circle = new String[VERTICES][];
    for (int i = 0; i < VERTICES; i++) {
      double angle = 2 * Math.PI * (i % (VERTICES - 1)) / (VERTICES - 1);
      circle[i] = new String[] {digits(Math.cos(angle)), digits(Math.sin(angle))};
    }
    return circle;
  }

  private static String digits(double offset) {
    return String.format(Locale.ROOT, "%.6f", 0.5 + 0.4 * offset).substring(1);
  }
}
