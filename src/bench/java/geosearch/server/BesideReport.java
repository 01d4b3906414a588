package geosearch.server;

import com.google.type.LatLng;
import geosearch.bench.Report;
import geosearch.testing.Communes;
import geosearch.v1.FindAreasRequest;
import geosearch.v1.LocateBatchRequest;
import geosearch.v1.LocateOptions;
import geosearch.v1.LocateRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Measures how long {@code Locate} takes while other connections keep the server busy with large
 * batches, names and distances, beside the same on an idle server; and {@code FindAreas} by itself.
 * Over the communes of France; one core for the server, the other for the clients. Prints a table
 * and writes {@code beside.json} and {@code beside.svg} into a folder: {@code bench/beside FOLDER}.
 */
public final class BesideReport {

  private static final int MESSAGES = 2_000;
  private static final int BATCHES = 20;
  private static final int POSITIONS_OF_BATCH = 10_000;
  private static final double PER_SECOND = 5_000;
  private static final double WARM_UP_SECONDS = 15;
  private static final double SECONDS = 4;
  private static final int ROUNDS = 9;

  private final Random random = new Random(5);
  private final Report report =
      new Report("beside", "Locate beside other calls, and on an idle server");

  private BesideReport() {}

  public static void main(String[] args) throws Exception {
    try (WorkFolder folder = WorkFolder.create()) {
      BesideReport beside = new BesideReport();
      beside.measure(folder.path());
      beside.report.publish(args, 0);
    }
  }

  private void measure(Path folder) throws IOException, InterruptedException {
    ServerReport.importCommunes(folder);
    String service = "geosearch.v1.GeoSearch/";
    try (Subject server = new Subject(folder, "geosearch", "ready:", "geosearch.Main", "serve");
        Load locate =
            new Load(server.port(), service + "Locate", some(MESSAGES, () -> locate(false)));
        Load batches =
            new Load(server.port(), service + "LocateBatch", some(BATCHES, this::batch), 2, 1);
        Load names = new Load(server.port(), service + "FindAreas", names(), 2, 2);
        Load oneName = new Load(server.port(), service + "FindAreas", names(), 1, 1);
        Load distances =
            new Load(server.port(), service + "Locate", some(MESSAGES, () -> locate(true)), 2, 4)) {
      locate.most(WARM_UP_SECONDS);
      for (Load load : List.of(batches, names, distances)) {
        load.most(WARM_UP_SECONDS);
      }
      locate.paced(WARM_UP_SECONDS, PER_SECOND);
      names(oneName);
      besideLoop(locate);
      beside("batches of 10,000", locate, batches);
      beside("names", locate, names);
      beside("distances", locate, distances);
      beside("all of these", locate, batches, names, distances);
    }
  }

  private void names(Load load) throws IOException {
    List<Load.Seen> seen = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      seen.add(load.most(SECONDS));
    }
    report.add(
        "FindAreas by name, one after another, median",
        "us",
        Load.median(seen, Load.Seen::p50),
        "1,000 us");
    report.add("the same, p99", "us", Load.median(seen, Load.Seen::p99), "");
  }

  /**
   * What the machine alone does when both of its cores are busy: the server's has a loop on it that
   * gives way to everything else.
   */
  private void besideLoop(Load locate) throws IOException, InterruptedException {
    List<Load.Seen> idle = new ArrayList<>();
    List<Load.Seen> seen = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      idle.add(locate.paced(SECONDS, PER_SECOND));
      Process loop =
          new ProcessBuilder(
                  "taskset", "-c", "0", "chrt", "--idle", "0", "sh", "-c", "while :; do :; done")
              .start();
      try {
        seen.add(locate.paced(SECONDS, PER_SECOND));
      } finally {
        loop.destroyForcibly().waitFor();
      }
    }
    report.add(
        "Locate at %,.0f/s, idle, median".formatted(PER_SECOND),
        "us",
        Load.median(idle, Load.Seen::p50),
        "");
    add("an empty loop", seen, idle, "the machine's own");
  }

  /**
   * By turns with the idle server: how much another machine on the same host takes away changes
   * from minute to minute.
   */
  private void beside(String what, Load locate, Load... others) throws IOException {
    List<Load.Seen> idle = new ArrayList<>();
    List<Load.Seen> seen = new ArrayList<>();
    StringBuilder done = new StringBuilder("at least 0.33 x; beside");
    double[] perSecond = new double[others.length];
    for (int round = 0; round < ROUNDS; round++) {
      idle.add(locate.paced(SECONDS, PER_SECOND));
      long start = 0;
      for (Load other : others) {
        start = other.begin();
      }
      seen.add(
          locate.paced(
              SECONDS,
              PER_SECOND,
              () -> {
                for (Load other : others) {
                  other.keepBusy();
                }
              }));
      for (int i = 0; i < others.length; i++) {
        perSecond[i] += others[i].end(start).perSecond() / ROUNDS;
      }
    }
    for (double calls : perSecond) {
      done.append(" %,.0f/s".formatted(calls));
    }
    add(what, seen, idle, done.toString());
  }

  private void add(String what, List<Load.Seen> seen, List<Load.Seen> idle, String wanted) {
    report.add(
        "Locate's p99 beside " + what,
        "us",
        Load.median(seen, Load.Seen::p99),
        "idle",
        Load.median(idle, Load.Seen::p99),
        wanted);
  }

  private static List<byte[]> some(int count, Supplier<byte[]> message) {
    return Stream.generate(message).limit(count).toList();
  }

  private LatLng position() {
    return LatLng.newBuilder().setLatitude(latitude()).setLongitude(longitude()).build();
  }

  private double latitude() {
    return random.nextDouble(42.5, 51);
  }

  private double longitude() {
    return random.nextDouble(-4.5, 8);
  }

  private byte[] locate(boolean distance) {
    LocateRequest.Builder request = LocateRequest.newBuilder().setPosition(position());
    if (distance) {
      request.setOptions(LocateOptions.newBuilder().setBorderDistance(true));
    }
    return request.build().toByteArray();
  }

  private byte[] batch() {
    LocateBatchRequest.Builder request = LocateBatchRequest.newBuilder();
    for (int i = 0; i < POSITIONS_OF_BATCH; i++) {
      request.addLatitudes(latitude()).addLongitudes(longitude());
    }
    return request.build().toByteArray();
  }

  /** Whole names, beginnings, last words, and names with a letter too few: as many of each. */
  private List<byte[]> names() {
    List<String> all = new ArrayList<>();
    Communes.forEach((area, outline) -> all.add(area.name()));
    List<byte[]> messages = new ArrayList<>();
    for (int i = 0; i < MESSAGES; i++) {
      String name = all.get(random.nextInt(all.size()));
      String sought =
          switch (i % 4) {
            case 0 -> name;
            case 1 -> name.substring(0, Math.min(4, name.length()));
            case 2 -> name.substring(Math.max(name.lastIndexOf(' '), name.lastIndexOf('-')) + 1);
            default -> name.length() < 6 ? name : name.substring(0, 2) + name.substring(3);
          };
      messages.add(
          FindAreasRequest.newBuilder().setName(sought).setPageSize(10).build().toByteArray());
    }
    return messages;
  }
}
