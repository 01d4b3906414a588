package geosearch.cli;

import geosearch.v1.LocateBatchRequest;
import geosearch.v1.LocateOptions;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where the columns of a table are that say what is asked, and what they say. */
final class CsvPositions {

  private static final int NONE = -1;

  /** What the server takes for "as the options say". */
  private static final double NO_ACCURACY = -1;

  private static final long NO_TIME = 0;

  private final List<String> header;
  private final int latitude;
  private final int longitude;
  private final int accuracy;
  private final int asOf;

  /**
   * @param header the names of the columns
   * @throws CommandException if one that is needed is not there
   */
  CsvPositions(List<String> header, CsvOptions options) {
    this.header = header;
    this.latitude = needed(options.latitude(), "latitude", "--latitude", "latitude", "lat");
    this.longitude =
        needed(options.longitude(), "longitude", "--longitude", "longitude", "lon", "lng", "long");
    this.accuracy = options.accuracy() == null ? NONE : named(options.accuracy());
    this.asOf = options.asOf() == null ? NONE : named(options.asOf());
  }

  boolean hasAccuracy() {
    return accuracy != NONE;
  }

  /**
   * Adds the question of a row.
   *
   * @throws IllegalArgumentException if it can't be read, and nothing was added; the message says
   *     why
   */
  void add(List<String> row, LocateBatchRequest.Builder request) {
    if (row.size() != header.size()) {
      throw new IllegalArgumentException(
          "the row has %d columns, the first one %d".formatted(row.size(), header.size()));
    }
    double lat = number(row, latitude);
    double lng = number(row, longitude);
    double metres = hasAccuracy() ? metres(row) : NO_ACCURACY;
    long time = asOf == NONE ? NO_TIME : time(row);
    request.addLatitudes(lat).addLongitudes(lng);
    if (hasAccuracy()) {
      request.addAccuraciesM(metres);
    }
    if (asOf != NONE) {
      request.addAsOfUnixMs(time);
    }
  }

  /** A request for rows to be added to. */
  static LocateBatchRequest.Builder request(LocateOptions options) {
    return LocateBatchRequest.newBuilder().setOptions(options);
  }

  private double metres(List<String> row) {
    if (row.get(accuracy).isBlank()) {
      return NO_ACCURACY;
    }
    double metres = number(row, accuracy);
    if (metres < 0) {
      throw new IllegalArgumentException(
          header.get(accuracy) + " must not be below 0: " + row.get(accuracy));
    }
    return metres;
  }

  /**
   * What is out of range in a row that was added. The server says that too, and whether something
   * would have been found with the two exchanged; but it does not know the columns.
   */
  Optional<String> outOfRange(List<String> row) {
    return outOfRange(row, latitude, 90).or(() -> outOfRange(row, longitude, 180));
  }

  private Optional<String> outOfRange(List<String> row, int column, int most) {
    return Math.abs(number(row, column)) <= most
        ? Optional.empty()
        : Optional.of(
            "%s must be from -%d to %d degrees, not %s"
                .formatted(header.get(column), most, most, row.get(column).strip()));
  }

  private double number(List<String> row, int column) {
    String text = row.get(column).strip();
    try {
      // Java alone takes 1d, 0x1p3 and NaN for numbers.
      if (!text.isEmpty() && !Character.isLetter(text.charAt(text.length() - 1))) {
        return Double.parseDouble(text);
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new IllegalArgumentException(
        header.get(column) + " is no number: " + Text.shortened(text));
  }

  private long time(List<String> row) {
    String text = row.get(asOf).strip();
    if (text.isEmpty()) {
      return NO_TIME;
    }
    try {
      return text.endsWith("Z")
          ? Instant.parse(text).toEpochMilli()
          : OffsetDateTime.parse(text).toInstant().toEpochMilli();
    } catch (DateTimeParseException | ArithmeticException e) {
      throw new IllegalArgumentException(
          header.get(asOf) + " is no time such as 2026-03-01T12:00:00Z: " + Text.shortened(text),
          e);
    }
  }

  private int needed(@Nullable String given, String what, String option, String... names) {
    if (given != null) {
      return named(given);
    }
    for (int i = 0; i < header.size(); i++) {
      if (Arrays.asList(names).contains(header.get(i).strip().toLowerCase(Locale.ROOT))) {
        return i;
      }
    }
    throw new CommandException(
        ExitCode.USAGE, "no column is called %s; %s names it".formatted(what, option));
  }

  private int named(String name) {
    int index = header.indexOf(name);
    if (index < 0) {
      throw new CommandException(
          ExitCode.USAGE,
          "there is no column %s; there are %s".formatted(name, String.join(", ", header)));
    }
    return index;
  }
}
