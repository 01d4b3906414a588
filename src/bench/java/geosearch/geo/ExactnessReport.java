package geosearch.geo;

import static java.nio.charset.StandardCharsets.UTF_8;

import geosearch.testing.Communes;
import geosearch.testing.Servers;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.io.WKBWriter;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.testcontainers.DockerClientFactory;

/**
 * Counts the answers over the communes of France that are not those of exact arithmetic: the
 * index's, JTS's and PostGIS's. An answer is which areas hold a position, and on whose border it
 * lies. Prints a table: {@code bench/exact POSITIONS}.
 */
public final class ExactnessReport {

  private static final int POSITIONS = 10_000_000;
  private static final int CHUNK = 100_000;

  private final AreaIndex index;
  private final ExactAreas truth;
  private final JtsIndex jts;
  private final Optional<Connection> postgis;
  private final Map<String, long[]> counts = new LinkedHashMap<>();
  private final double[] latitudes = new double[CHUNK];
  private final double[] longitudes = new double[CHUNK];
  private int filled;
  private String kind = "";

  private ExactnessReport(Optional<Connection> postgis) throws SQLException {
    AreaIndex.Builder builder = AreaIndex.builder();
    Communes.forEach(builder::add);
    index = builder.build();
    truth = new ExactAreas(index);
    List<Geometry> outlines = new ArrayList<>();
    for (int ordinal = 0; ordinal < index.size(); ordinal++) {
      outlines.add(index.outline(ordinal));
    }
    jts = new JtsIndex(outlines);
    this.postgis = postgis;
    if (postgis.isPresent()) {
      insert(postgis.get(), outlines);
    }
  }

  public static void main(String[] args) throws Exception {
    int positions = args.length > 0 ? Integer.parseInt(args[0]) : POSITIONS;
    try (Connection connection =
        DockerClientFactory.instance().isDockerAvailable()
            ? Servers.newDatabase().connect()
            : null) {
      ExactnessReport report = new ExactnessReport(Optional.ofNullable(connection));
      report.random(positions);
      report.verticesAndMidpoints();
      report.print();
    }
  }

  private void random(int positions) throws SQLException {
    begin("random positions");
    Random random = new Random(1);
    for (int i = 0; i < positions; i++) {
      add(random.nextDouble(42, 51.2), random.nextDouble(-5.2, 9.7));
    }
    compare();
  }

  private void verticesAndMidpoints() throws SQLException {
    begin("vertices");
    for (int ordinal = 0; ordinal < index.size(); ordinal++) {
      for (double[] edge : ExactAreas.edges(index, ordinal)) {
        add(edge[1], edge[0]);
      }
    }
    compare();
    begin("midpoints of edges");
    for (int ordinal = 0; ordinal < index.size(); ordinal++) {
      for (double[] edge : ExactAreas.edges(index, ordinal)) {
        add((edge[1] + edge[3]) / 2, (edge[0] + edge[2]) / 2);
      }
    }
    compare();
  }

  private void begin(String kind) {
    this.kind = kind;
    counts.put(kind, new long[4]);
    System.err.println(kind);
  }

  private void add(double latitude, double longitude) throws SQLException {
    latitudes[filled] = latitude;
    longitudes[filled++] = longitude;
    if (filled == CHUNK) {
      compare();
    }
  }

  /** Compares the answers for what has been added. */
  private void compare() throws SQLException {
    if (filled == 0) {
      return;
    }
    Answers exact = new Answers(filled);
    Answers alone = new Answers(filled);
    Answers theirs = new Answers(filled);
    for (int i = 0; i < filled; i++) {
      int position = i;
      truth
          .locate(latitudes[i], longitudes[i])
          .forEach((ordinal, border) -> exact.accept(position, ordinal, border));
      index.locate(
          latitudes[i],
          longitudes[i],
          (ordinal, border) -> alone.accept(position, ordinal, border));
      jts.locate(
          latitudes[i],
          longitudes[i],
          (ordinal, border) -> theirs.accept(position, ordinal, border));
    }
    Answers batch = new Answers(filled);
    index.locateAll(
        Arrays.copyOf(latitudes, filled), Arrays.copyOf(longitudes, filled), batch::accept);
    long[] differ = counts.get(kind);
    differ[0] += filled;
    differ[1] += Math.max(exact.differ(alone), exact.differ(batch));
    differ[2] += exact.differ(theirs);
    if (postgis.isPresent()) {
      differ[3] += exact.differ(ask(postgis.get()));
    }
    System.err.printf("\r%,d", differ[0]);
    filled = 0;
  }

  private static void insert(Connection connection, List<Geometry> outlines) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE own (ordinal int, outline geometry)");
      statement.execute("CREATE UNLOGGED TABLE asked (i int, p geometry)");
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO own VALUES (?, ST_GeomFromWKB(?))")) {
        for (int ordinal = 0; ordinal < outlines.size(); ordinal++) {
          insert.setInt(1, ordinal);
          insert.setBytes(2, new WKBWriter(2).write(outlines.get(ordinal)));
          insert.addBatch();
          if (ordinal % 1000 == 999) {
            insert.executeBatch();
          }
        }
        insert.executeBatch();
      }
      statement.execute("CREATE INDEX ON own USING gist (outline)");
      statement.execute("ANALYZE own");
    }
  }

  private Answers ask(Connection connection) throws SQLException {
    Answers answers = new Answers(filled);
    try (Statement statement = connection.createStatement()) {
      statement.execute("TRUNCATE asked");
      CopyIn copy =
          connection.unwrap(PGConnection.class).getCopyAPI().copyIn("COPY asked FROM STDIN");
      for (int i = 0; i < filled; i++) {
        // Java writes the shortest text that reads back as the same double, as PostGIS reads it.
        byte[] row = "%d\tPOINT(%s %s)\n".formatted(i, longitudes[i], latitudes[i]).getBytes(UTF_8);
        copy.writeToCopy(row, 0, row.length);
      }
      copy.endCopy();
      try (ResultSet rows =
          statement.executeQuery(
              """
              SELECT i, ordinal, NOT ST_Contains(outline, p)
              FROM asked JOIN own ON ST_Covers(outline, p)
              """)) {
        while (rows.next()) {
          answers.accept(rows.getInt(1), rows.getInt(2), rows.getBoolean(3));
        }
      }
    }
    return answers;
  }

  private void print() {
    System.err.println();
    String line = "%-20s %12s %12s %12s %12s%n";
    System.out.printf(line, "answers that differ", "of", "geosearch", "JTS", "PostGIS");
    counts.forEach((name, differ) ->
        System.out.printf(
            line,
            name,
            "%,d".formatted(differ[0]),
            "%,d".formatted(differ[1]),
            "%,d".formatted(differ[2]),
            postgis.isPresent() ? "%,d".formatted(differ[3]) : "not asked"));
  }

  /** What somebody says of each position: twice each area's number, one more on its border. */
  private static final class Answers {
    private final int[][] found;

    Answers(int positions) {
      found = new int[positions][0];
    }

    void accept(int position, int ordinal, boolean border) {
      int[] before = found[position];
      int[] more = Arrays.copyOf(before, before.length + 1);
      more[before.length] = ordinal << 1 | (border ? 1 : 0);
      Arrays.sort(more);
      found[position] = more;
    }

    /** Of how many positions the other says something else. */
    long differ(Answers other) {
      return Stream.iterate(0, i -> i < found.length, i -> i + 1)
          .filter(i -> !Arrays.equals(found[i], other.found[i]))
          .count();
    }
  }
}
