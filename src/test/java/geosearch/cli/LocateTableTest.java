package geosearch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import geosearch.cli.TestServer.Box;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code locate --csv}. */
@Timeout(60)
class LocateTableTest {

  @TempDir private Path folder;

  private TestServer server;

  @BeforeEach
  void start() throws IOException {
    server = TestServer.ofSouthernAfrica();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Run locate(String table, String... options) {
    return new Run.Setup()
        .input(table)
        .run(
            Stream.concat(
                    Stream.of("locate", "--csv", "-", "--server", server.address()),
                    Stream.of(options))
                .toArray(String[]::new));
  }

  @Test
  void table_positions_getsColumnsForEachLayer() {
    assertEquals(
        new Run(
            ExitCode.OK,
            """
            trip,lat,lon,country_id,country_name,city_id,city_name,error
            "a, ""b""\",-33.9,18.4,ZA,South Africa,cpt,Cape Town,
            c,0,0,,,,,
            d,-29.5,28,LS;ZA,Lesotho;South Africa,,,
            """,
            ""),
        locate("trip,lat,lon\r\n\"a, \"\"b\"\"\",-33.9,18.4\r\nc,0,0\r\n\r\nd,-29.5,28\r\n"));
  }

  @Test
  void table_badRows_sayWhyAndTheOthersGoOn() {
    Run run =
        locate(
            "Latitude,LNG,x\nfar,1,\n-33.9,18.4,\n91,0,\n1\n1,2,3,4\n,,\nNaN,0,\n",
            "--layer",
            "city");

    assertEquals(ExitCode.FAILED, run.exitCode());
    assertEquals(
        List.of(
            "Latitude,LNG,x,city_id,city_name,error",
            "far,1,,,,Latitude is no number: far",
            "-33.9,18.4,,cpt,Cape Town,"),
        run.lines().subList(0, 3));
    assertEquals("91,0,,,,\"Latitude must be from -90 to 90 degrees, not 91\"", run.lines().get(3));
    assertEquals("1,,,,,\"the row has 1 columns, the first one 3\"", run.lines().get(4));
    assertEquals("1,2,3,,,\"the row has 4 columns, the first one 3\",4", run.lines().get(5));
    assertEquals(",,,,,Latitude is no number: ", run.lines().get(6));
    assertEquals("NaN,0,,,,Latitude is no number: NaN", run.lines().get(7));
    assertEquals("geosearch: 6 of 7 rows failed; the column error says why\n", run.err());
  }

  @Test
  void table_columnsExchanged_saysSoOnce() {
    Run run = locate("lat,lon\n18.4,-33.9\n18.5,-33.8\n-33.9,18.4\n", "--layer", "city");

    assertEquals(ExitCode.OK, run.exitCode(), run.err());
    assertEquals(
        "geosearch: in 2 of 3 rows nothing was found; with latitude and longitude exchanged"
            + " something would have been\n",
        run.err());
  }

  @Test
  void table_columnsExchangedOutOfRange_saysThatToo() throws IOException {
    server.close();
    server = TestServer.knowing(TestServer.layer("city", Box.of("t", "", 139, 35, 140, 36)));

    Run run = locate("lat,lon\n139.5,35.5\n");

    assertEquals(
        "139.5,35.5,,,\"lat must be from -90 to 90 degrees, not 139.5\"", run.lines().get(1));
    assertEquals(
        """
        geosearch: 1 of 1 rows failed; the column error says why
        geosearch: in 1 of 1 rows nothing was found; with latitude and longitude exchanged something would have been
        """,
        run.err());
  }

  @Test
  void table_options_getTheirColumns() {
    assertEquals(
        new Run(
            ExitCode.OK,
            """
            lat,lon,city_id,city_name,city_size,city_match,city_distance_m,error
            -33.5,18.5,cpt,Cape Town,big,inside,46461.092,
            -33.5,19.1,cpt,Cape Town,big,nearest,9292.253,
            """,
            ""),
        locate(
            "lat,lon\n-33.5,18.5\n-33.5,19.1\n",
            "--layer",
            "city",
            "--attribute",
            "size",
            "--distance",
            "--nearest",
            "20000"));
  }

  @Test
  void table_accuracyColumn_isEachRowsOwn() {
    Run run =
        locate(
            "lat,lon,off\n-33.5,19.1,100\n-33.5,19.1,20000\n-33.5,19.1,\n-33.5,19.1,-5\n",
            "--layer",
            "city",
            "--accuracy-column",
            "off",
            "--accuracy",
            "50");

    assertEquals(
        List.of(
            "-33.5,19.1,100,,,,,certain,",
            "-33.5,19.1,20000,cpt,Cape Town,possible,9292.253,ambiguous,",
            "-33.5,19.1,,,,,,certain,",
            "-33.5,19.1,-5,,,,,,off must not be below 0: -5"),
        run.lines().subList(1, 5));
    assertEquals(ExitCode.FAILED, run.exitCode());
  }

  @Test
  void table_asOfColumn_isReadAsATime() {
    Run run =
        locate(
            """
            lat,lon,when
            -33.9,18.4,2026-03-01T12:00:00Z
            -33.9,18.4,2026-03-01T12:00:00+01:00
            -33.9,18.4,
            -33.9,18.4,yesterday
            """,
            "--layer",
            "city",
            "--as-of-column",
            "when");

    assertEquals(
        List.of("cpt,Cape Town,", "cpt,Cape Town,", "cpt,Cape Town,"),
        run.lines().subList(1, 4).stream().map(line -> line.split(",", 4)[3]).toList());
    assertTrue(run.lines().get(4).contains("when is no time such as"), run.out());
  }

  @Test
  void table_thousandsOfRows_areWrittenInOrder() {
    String table =
        "n,lat,lon\n"
            + IntStream.range(0, 30_000)
                .mapToObj(i -> i + ",-33.9," + (16 + i / 2000.0))
                .collect(Collectors.joining("\n"));

    Run run = locate(table, "--layer", "country");

    assertEquals(ExitCode.OK, run.exitCode(), run.err());
    assertEquals(
        table.lines().skip(1).map(row -> row + ",ZA,South Africa,").toList(),
        run.lines().subList(1, run.lines().size()));
  }

  @Test
  void table_files_areReadAndWritten() throws IOException {
    Path from = Files.writeString(folder.resolve("from.tsv"), "\uFEFFlat\tlon\n-33.9\t18.4\n");
    Path to = folder.resolve("to.tsv");

    Run run =
        Run.of(
            "locate",
            "--csv=" + from,
            "--delimiter=tab",
            "--output=" + to,
            "--prefix=in_",
            "--layer=city",
            "--server=" + server.address());

    assertEquals(new Run(ExitCode.OK, "", ""), run);
    assertEquals(
        "lat\tlon\tin_city_id\tin_city_name\tin_error\n-33.9\t18.4\tcpt\tCape Town\t\n",
        Files.readString(to));
  }

  @Test
  void table_outputIsItsInput_isRefusedBeforeItIsLost() throws IOException {
    Path file = Files.writeString(folder.resolve("table.csv"), "lat,lon\n1,2\n");

    Run run = Run.of("locate", "--csv=" + file, "--output=" + file, "--server=" + server.address());

    assertEquals(ExitCode.USAGE, run.exitCode());
    assertEquals("lat,lon\n1,2\n", Files.readString(file));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--latitude y",
        "--accuracy-column y",
        "--delimiter ab",
        "--json",
        "1 2",
        "--layer country --prefix x_ --nonsense",
      })
  void table_wrongOption_isWrongUsage(String options) {
    Run run = locate("lat,lon\n1,2\n", options.split(" ", -1));

    assertEquals(ExitCode.USAGE, run.exitCode(), run.err());
    assertEquals("", run.out());
  }

  @Test
  void table_columnThere_isNotWrittenTwice() {
    Run run = locate("lat,lon,city_id\n1,2,3\n");

    assertEquals(ExitCode.USAGE, run.exitCode());
    assertTrue(run.err().contains("column city_id already; --prefix"), run.err());
  }

  @Test
  void table_withoutColumnsOfPositions_saysHowToNameThem() {
    Run run = locate("a,b\n1,2\n");

    assertEquals(ExitCode.USAGE, run.exitCode());
    assertTrue(run.err().contains("no column is called latitude; --latitude names it"), run.err());
  }

  @Test
  void table_empty_saysSo() {
    assertEquals(
        new Run(ExitCode.FAILED, "", "geosearch: - is empty: its first row names the columns\n"),
        locate(""));
  }

  @Test
  void table_unknownLayer_isNotFound() {
    assertEquals(ExitCode.NOT_FOUND, locate("lat,lon\n1,2\n", "--layer", "x").exitCode());
  }

  @Test
  void table_noSuchFile_saysSo() {
    Run run = Run.of("locate", "--csv", "/nowhere/x.csv", "--server", server.address());

    assertEquals(ExitCode.FAILED, run.exitCode());
    assertTrue(run.err().contains("/nowhere/x.csv: there is no such file"), run.err());
  }

  @Test
  void table_noServer_ends() {
    server.close();

    assertEquals(ExitCode.UNAVAILABLE, locate("lat,lon\n1,2\n").exitCode());
  }

  @Test
  void progress_lines_areSaidEveryFewSeconds() {
    long[] clock = {0};
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    RowProgress progress =
        RowProgress.lines(new PrintStream(err, true, StandardCharsets.UTF_8), () -> clock[0]);

    progress.update(10);
    clock[0] = RowProgress.INTERVAL_NANOS;
    progress.update(4096);
    progress.update(8192);

    assertEquals("4096 rows\n", err.toString(StandardCharsets.UTF_8));
  }
}
