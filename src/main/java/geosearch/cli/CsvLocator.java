package geosearch.cli;

import com.google.common.util.concurrent.Futures;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import geosearch.v1.Layer;
import geosearch.v1.ListLayersRequest;
import geosearch.v1.LocateBatchRequest;
import geosearch.v1.LocateBatchResponse;
import geosearch.v1.LocateOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Future;

/**
 * Asks a server for the areas that contain the positions of a table, and writes the table with the
 * answers in further columns. While some batches of rows are under way, others are read and
 * written: as many rows are held as are under way, however long the table is.
 */
final class CsvLocator {

  private static final int ROWS_PER_CALL = 4096;

  /** Enough that the server never waits for this side, and far below what it lets wait. */
  private static final int CALLS_UNDER_WAY = 4;

  private static final int OUTPUT_BUFFER = 1 << 16;

  /** What a call may name at most. */
  private static final int MAX_LAYERS = 100;

  private final ServerConnection connection;
  private final CsvOptions table;
  private final QuestionOptions question;
  private final NearbyOptions nearby;
  private final Console console;
  private long rows;
  private long failed;
  private long exchanged;

  CsvLocator(
      ServerConnection connection,
      CsvOptions table,
      QuestionOptions question,
      NearbyOptions nearby,
      Console console) {
    this.connection = connection;
    this.table = table;
    this.question = question;
    this.nearby = nearby;
    this.console = console;
  }

  /**
   * Rows that were read together.
   *
   * @param errors what is wrong with each; empty where it was asked
   */
  private record Batch(
      List<List<String>> rows,
      List<Optional<String>> errors,
      Future<LocateBatchResponse> response) {}

  /**
   * Locates every row.
   *
   * @param file its name, or {@code -}
   * @return one of {@link ExitCode}: FAILED where a row could not be located
   */
  int locate(String file) throws IOException, InterruptedException {
    char delimiter = table.delimiter();
    try (InputStream in = file.equals("-") ? console.in() : Files.newInputStream(Path.of(file));
        CsvReader<CsvRecord> reader =
            CsvReader.builder()
                .fieldSeparator(delimiter)
                .detectBomHeader(true)
                .allowExtraFields(true)
                .allowMissingFields(true)
                .skipEmptyLines(true)
                .ofCsvRecord(in)) {
      Iterator<CsvRecord> records = reader.iterator();
      if (!records.hasNext()) {
        throw new CommandException(
            ExitCode.FAILED, file + " is empty: its first row names the columns");
      }
      List<String> header = records.next().getFields();
      CsvPositions positions = new CsvPositions(header, table);
      CsvAnswers answers = answers(header, positions);
      OutputFile.Content content =
          out -> locate(records, header, positions, answers, delimiter, out);
      if (table.output() == null) {
        content.writeTo(console.out());
      } else {
        checkOther(file, table.output());
        OutputFile.write(table.output(), content);
      }
    } catch (CsvParseException e) {
      throw new CommandException(
          ExitCode.FAILED, file + " can't be read as CSV: " + e.getMessage(), e);
    }
    if (failed > 0) {
      say(
          "%d of %d rows failed; the column %serror says why"
              .formatted(failed, rows, table.prefix()));
    }
    if (exchanged > 0) {
      say(
          "in %d of %d rows nothing was found; with latitude and longitude exchanged something would have been"
              .formatted(exchanged, rows));
    }
    return failed > 0 ? ExitCode.FAILED : ExitCode.OK;
  }

  private void say(String text) {
    console.err().println("geosearch: " + Text.printable(text));
  }

  /** What is read is not what is written: whoever names it twice has most likely slipped. */
  private static void checkOther(String file, Path output) throws IOException {
    if (!file.equals("-") && Files.exists(output) && Files.isSameFile(Path.of(file), output)) {
      throw new CommandException(
          ExitCode.USAGE, "--output " + output + " is the table that is read; name another file");
    }
  }

  private CsvAnswers answers(List<String> header, CsvPositions positions) {
    CsvAnswers answers =
        new CsvAnswers(
            layers(),
            question.attributes().orElse(List.of()),
            nearby,
            positions.hasAccuracy(),
            table.prefix());
    List<String> twice = new ArrayList<>(answers.header());
    twice.retainAll(header);
    if (!twice.isEmpty()) {
      throw new CommandException(
          ExitCode.USAGE,
          "the table has a column %s already; --prefix gives the new ones other names"
              .formatted(twice.getFirst()));
    }
    return answers;
  }

  /** The layers that get columns, in the server's order. */
  private List<String> layers() {
    ListLayersRequest request =
        ListLayersRequest.newBuilder().setMinGeneration(question.minGeneration()).build();
    List<String> known =
        connection
            .call(() -> connection.geoSearchWaiting().listLayers(request))
            .getLayersList()
            .stream()
            .map(Layer::getSnapshot)
            .map(snapshot -> snapshot.getLayer())
            .toList();
    for (String layer : question.layers()) {
      if (!known.contains(layer)) {
        throw new CommandException(
            ExitCode.NOT_FOUND,
            "there is no layer %s; there are %s".formatted(layer, String.join(", ", known)));
      }
    }
    List<String> asked =
        question.layers().isEmpty()
            ? known
            : known.stream().filter(question.layers()::contains).toList();
    if (asked.size() > MAX_LAYERS) {
      throw new CommandException(
          ExitCode.USAGE,
          "there are %d layers, and a table takes %d; --layer names those that you want"
              .formatted(asked.size(), MAX_LAYERS));
    }
    return asked;
  }

  private void locate(
      Iterator<CsvRecord> records,
      List<String> header,
      CsvPositions positions,
      CsvAnswers answers,
      char delimiter,
      OutputStream out)
      throws IOException, InterruptedException {
    try (CsvWriter writer =
            CsvWriter.builder()
                .fieldSeparator(delimiter)
                .lineDelimiter(LineDelimiter.LF)
                .bufferSize(OUTPUT_BUFFER)
                .build(out, StandardCharsets.UTF_8);
        RowProgress progress = RowProgress.of(console, table.quiet())) {
      write(writer, header, answers.header(), header.size());
      locate(records, positions, answers, header.size(), writer, progress);
    }
  }

  private void locate(
      Iterator<CsvRecord> records,
      CsvPositions positions,
      CsvAnswers answers,
      int columns,
      CsvWriter writer,
      RowProgress progress)
      throws IOException, InterruptedException {
    LocateOptions.Builder options = QuestionMessages.locateOptions(question, nearby).toBuilder();
    if (question.attributes().isEmpty()) {
      // They have no columns.
      options.setAttributes(QuestionMessages.selection(List.of()));
    }
    LocateOptions asked = options.build();
    Queue<Batch> underWay = new ArrayDeque<>();
    while (records.hasNext()) {
      underWay.add(ask(records, positions, asked));
      if (underWay.size() == CALLS_UNDER_WAY) {
        write(underWay.remove(), positions, answers, columns, writer);
        progress.update(rows);
        if (table.output() == null && console.out().checkError()) {
          // Whoever read the answers has had enough.
          return;
        }
      }
    }
    while (!underWay.isEmpty()) {
      write(underWay.remove(), positions, answers, columns, writer);
    }
  }

  private Batch ask(Iterator<CsvRecord> records, CsvPositions positions, LocateOptions options) {
    LocateBatchRequest.Builder request = CsvPositions.request(options);
    List<List<String>> read = new ArrayList<>(ROWS_PER_CALL);
    List<Optional<String>> errors = new ArrayList<>(ROWS_PER_CALL);
    while (read.size() < ROWS_PER_CALL && records.hasNext()) {
      List<String> row = records.next().getFields();
      Optional<String> error = Optional.empty();
      try {
        positions.add(row, request);
      } catch (IllegalArgumentException e) {
        error = Optional.of(String.valueOf(e.getMessage()));
      }
      read.add(row);
      errors.add(error);
    }
    return new Batch(
        read,
        errors,
        request.getLatitudesCount() == 0
            ? Futures.immediateFuture(LocateBatchResponse.getDefaultInstance())
            : connection.geoSearch().locateBatch(request.build()));
  }

  private void write(
      Batch batch, CsvPositions positions, CsvAnswers answers, int columns, CsvWriter writer)
      throws InterruptedException {
    LocateBatchResponse response = connection.await(batch.response());
    int answered = 0;
    for (int i = 0; i < batch.rows().size(); i++) {
      Optional<String> error = batch.errors().get(i);
      List<String> cells;
      if (error.isPresent()) {
        cells = answers.error(error.get());
        failed++;
      } else {
        var answer = response.getAnswers(answered++);
        if (answer.hasError()) {
          String reason = answer.getError().getMessage();
          cells = answers.error(positions.outOfRange(batch.rows().get(i)).orElse(reason));
          failed++;
        } else {
          cells = answers.cells(response, answer);
        }
        exchanged += answer.getSwappedFound() ? 1 : 0;
      }
      write(writer, batch.rows().get(i), cells, columns);
      rows++;
    }
  }

  /** The answer's cells stand under their names, whatever a row lacks or has too much. */
  private static void write(CsvWriter writer, List<String> row, List<String> cells, int columns) {
    List<String> all = new ArrayList<>(columns + cells.size());
    all.addAll(row.size() > columns ? row.subList(0, columns) : row);
    all.addAll(Collections.nCopies(columns - all.size(), ""));
    all.addAll(cells);
    if (row.size() > columns) {
      all.addAll(row.subList(columns, row.size()));
    }
    writer.writeRecord(all);
  }
}
