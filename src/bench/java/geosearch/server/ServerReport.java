package geosearch.server;

import com.google.type.LatLng;
import geosearch.bench.Report;
import geosearch.original.SearchRequest;
import geosearch.testing.Communes;
import geosearch.v1.LocateRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Measures the server over the communes of France beside grpc-java with handlers that do nothing,
 * and beside servers that ask a PostGIS at each call: one core for a server and its database, the
 * other for the client, which asks the servers in turn. It needs a container engine. Prints a table
 * and writes {@code server.json} and {@code server.svg} into a folder: {@code bench/server FOLDER}.
 */
public final class ServerReport {

  private static final int POSITIONS = 100_000;
  private static final double WARM_UP_SECONDS = 36;

  /** The database's processes have nothing to be compiled, and what asks them has little to do. */
  private static final double WARM_UP_BESIDE_DATABASE_SECONDS = 10;

  private static final double SECONDS = 4;
  private static final int ROUNDS = 5;

  /** More, for a hundredth of the calls is what a machine's other work delays most. */
  private static final int PACED_ROUNDS = 11;

  /** As the original has it, of what was imported. */
  private static final String ORIGINAL_TABLE =
      """
      CREATE TABLE ogrgeojson AS
        SELECT id AS insee, name AS nom, NULL::text AS wikipedia, outline AS wkb_geometry
        FROM geosearch.area;
      CREATE INDEX ON ogrgeojson USING gist (wkb_geometry);
      ANALYZE ogrgeojson;
      """;

  /** A method, and what is asked of it. */
  private enum Method {
    SEARCH("Search/search"),
    LOCATE("geosearch.v1.GeoSearch/Locate");

    private final String path;

    Method(String path) {
      this.path = path;
    }

    /** Without the package and the service. */
    private String label() {
      return path.substring(path.lastIndexOf('/') + 1);
    }

    /** Positions all over France, the sea and its neighbours included, in no order. */
    List<byte[]> messages() {
      Random random = new Random(5);
      List<byte[]> messages = new ArrayList<>();
      for (int i = 0; i < POSITIONS; i++) {
        double latitude = random.nextDouble(42.5, 51);
        double longitude = random.nextDouble(-4.5, 8);
        messages.add(
            switch (this) {
              case SEARCH ->
                  SearchRequest.newBuilder()
                      .setQuery("search_client")
                      .setLat((float) latitude)
                      .setLng((float) longitude)
                      .build()
                      .toByteArray();
              case LOCATE ->
                  LocateRequest.newBuilder()
                      .setPosition(
                          LatLng.newBuilder().setLatitude(latitude).setLongitude(longitude))
                      .build()
                      .toByteArray();
            });
      }
      return messages;
    }
  }

  private final Report report = new Report("server", "A call, beside an empty handler's");

  private ServerReport() {}

  public static void main(String[] args) throws Exception {
    try (WorkFolder folder = WorkFolder.create()) {
      ServerReport server = new ServerReport();
      server.measure(folder.path());
      server.report.publish(args, 0);
    }
  }

  private void measure(Path folder) throws IOException, InterruptedException {
    importCommunes(folder);
    String bare = FloorServer.class.getName();
    try (Subject ours = new Subject(folder, "geosearch", "ready:", "geosearch.Main", "serve");
        Subject floor = new Subject(folder, "floor", "listens", bare);
        Subject asItComes =
            new Subject(folder, "as-it-comes", "listens", bare, FloorServer.AS_IT_COMES)) {
      for (Method method : Method.values()) {
        try (Load our = new Load(ours.port(), method.path, method.messages());
            Load their = new Load(floor.port(), method.path, method.messages());
            Load defaults = new Load(asItComes.port(), method.path, method.messages())) {
          measure(method, ours, our, floor, their, defaults);
        }
      }
    }
    try (Subject ours = new Subject(folder, "geosearch", "ready:", "geosearch.Main", "serve")) {
      besideDatabase(folder, ours);
    }
  }

  /** The database has the server's core, too, for it does the server's work. */
  private void besideDatabase(Path folder, Subject ours) throws IOException, InterruptedException {
    try (PostgisContainer postgis = new PostgisContainer("--cpuset-cpus", "0")) {
      postgis.awaitReady();
      Subject.importFile(postgis.settings(), Communes.file(), "commune");
      postgis.execute(ORIGINAL_TABLE);
      for (DatabaseServer.Query query : DatabaseServer.Query.values()) {
        try (Subject database =
            new Subject(
                folder,
                "database",
                "listens",
                DatabaseServer.class.getName(),
                postgis.host(),
                query.name())) {
          besideDatabase(query, ours, database);
        }
      }
    }
  }

  private void besideDatabase(DatabaseServer.Query query, Subject ours, Subject database)
      throws IOException {
    Method method = Method.SEARCH;
    try (Load our = new Load(ours.port(), method.path, method.messages());
        Load their = new Load(database.port(), method.path, method.messages())) {
      our.most(WARM_UP_BESIDE_DATABASE_SECONDS);
      their.most(WARM_UP_BESIDE_DATABASE_SECONDS);
      List<Load.Seen> ourMost = new ArrayList<>();
      List<Load.Seen> theirMost = new ArrayList<>();
      for (int round = 0; round < ROUNDS; round++) {
        ourMost.add(our.most(SECONDS));
        theirMost.add(their.most(SECONDS));
      }
      double ourCalls = Load.median(ourMost, Load.Seen::perSecond);
      double theirCalls = Load.median(theirMost, Load.Seen::perSecond);
      report.add(
          method.label() + ", a call of one core",
          "us",
          1e6 / ourCalls,
          switch (query) {
            case PREPARED -> "PostGIS for each call";
            case ORIGINAL -> "the original's query";
          },
          1e6 / theirCalls,
          "%,.0f/s beside %,.0f/s".formatted(ourCalls, theirCalls));
    }
  }

  /**
   * @param defaults asks the empty handler with what is on by default in grpc-java
   */
  private void measure(
      Method method, Subject ours, Load our, Subject floor, Load their, Load defaults)
      throws IOException {
    our.most(WARM_UP_SECONDS);
    their.most(WARM_UP_SECONDS);
    defaults.most(WARM_UP_SECONDS);
    List<Load.Seen> ourMost = new ArrayList<>();
    List<Load.Seen> theirMost = new ArrayList<>();
    List<Load.Seen> defaultsMost = new ArrayList<>();
    long[] bytes = {-ours.allocated(), -floor.allocated()};
    double[] calls = new double[2];
    for (int round = 0; round < ROUNDS; round++) {
      ourMost.add(our.most(SECONDS));
      theirMost.add(their.most(SECONDS));
      defaultsMost.add(defaults.most(SECONDS));
      calls[0] += ourMost.getLast().perSecond() * SECONDS;
      calls[1] += theirMost.getLast().perSecond() * SECONDS;
    }
    bytes[0] += ours.allocated();
    bytes[1] += floor.allocated();
    double ourCalls = Load.median(ourMost, Load.Seen::perSecond);
    double theirCalls = Load.median(theirMost, Load.Seen::perSecond);
    double defaultCalls = Load.median(defaultsMost, Load.Seen::perSecond);
    // Of both the same load: half of what the slower one can bear.
    double half = ourCalls / 2;
    List<Load.Seen> ourPaced = new ArrayList<>();
    List<Load.Seen> theirPaced = new ArrayList<>();
    for (int round = 0; round < PACED_ROUNDS; round++) {
      ourPaced.add(our.paced(SECONDS, half));
      theirPaced.add(their.paced(SECONDS, half));
    }
    String handler = "empty handler";
    report.add(
        method.label() + ", a call of one core",
        "us",
        1e6 / ourCalls,
        handler,
        1e6 / theirCalls,
        "at least 0.8 x; %,.0f/s beside %,.0f/s".formatted(ourCalls, theirCalls));
    report.add(
        method.label() + ", a call of one core",
        "us",
        1e6 / ourCalls,
        "grpc-java as it comes",
        1e6 / defaultCalls,
        "%,.0f/s".formatted(defaultCalls));
    report.add(
        method.label() + ", allocated a call",
        "B",
        bytes[0] / calls[0],
        handler,
        bytes[1] / calls[1],
        "");
    report.add(
        method.label() + ", median at half load",
        "us",
        Load.median(ourPaced, Load.Seen::p50),
        handler,
        Load.median(theirPaced, Load.Seen::p50),
        "%,.0f/s".formatted(half));
    report.add(
        method.label() + ", p99 at half load",
        "us",
        Load.median(ourPaced, Load.Seen::p99),
        handler,
        Load.median(theirPaced, Load.Seen::p99),
        "at least 0.5 x");
  }

  /** Makes a store with the communes in it. */
  static void importCommunes(Path folder) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Subject.java(
                "geosearch.Main",
                "import",
                Communes.file().toString(),
                "--layer",
                "commune",
                "--id",
                "code",
                "--name",
                "nom"));
    builder.environment().put("GEOSEARCH_STORE_FOLDER", folder.resolve("store").toString());
    if (builder.inheritIO().start().waitFor() != 0) {
      throw new IOException("the communes can't be imported: " + Arrays.asList(Communes.file()));
    }
  }
}
