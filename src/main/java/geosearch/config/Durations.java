package geosearch.config;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as text: 500ms, 5s, 10m, 1h, 7d. */
public final class Durations {

  /** What a duration looks like, as it follows "must be". */
  public static final String FORM = "a duration such as 500ms, 5s, 10m or 1h";

  /** More than anyone means, and far from where nanoseconds overflow. */
  private static final Duration MAX = Duration.ofDays(3650);

  private static final Pattern PATTERN = Pattern.compile("(\\d{1,12})(ms|s|m|h|d)");

  private Durations() {}

  /** The duration, or nothing if the text is none; ten years at most. */
  public static Optional<Duration> parse(String text) {
    Matcher matcher = PATTERN.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long number = Long.parseLong(matcher.group(1));
    Duration duration =
        switch (matcher.group(2)) {
          case "ms" -> Duration.ofMillis(number);
          case "s" -> Duration.ofSeconds(number);
          case "m" -> Duration.ofMinutes(number);
          case "h" -> Duration.ofHours(number);
          default -> Duration.ofDays(number);
        };
    return duration.compareTo(MAX) <= 0 ? Optional.of(duration) : Optional.empty();
  }

  /** The duration in its largest whole unit, hours at most. */
  public static String format(Duration duration) {
    long millis = duration.toMillis();
    if (millis % 1000 != 0) {
      return millis + "ms";
    }
    long seconds = millis / 1000;
    if (seconds % 3600 == 0 && seconds > 0) {
      return seconds / 3600 + "h";
    }
    return seconds % 60 == 0 && seconds > 0 ? seconds / 60 + "m" : seconds + "s";
  }
}
