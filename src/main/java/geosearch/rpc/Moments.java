package geosearch.rpc;

import com.google.protobuf.Timestamp;
import java.time.Instant;
import java.util.Optional;

/** Moments as requests have them. */
final class Moments {

  /** The bounds of google.protobuf.Timestamp. */
  private static final long FIRST_SECOND = Instant.parse("0001-01-01T00:00:00Z").getEpochSecond();

  private static final long LAST_SECOND = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();

  private Moments() {}

  /**
   * Reads a moment, or adds what is wrong with it.
   *
   * @param field its path in the request
   */
  static Optional<Instant> read(Timestamp time, String field, Violations violations) {
    boolean sound =
        time.getNanos() >= 0
            && time.getNanos() < 1_000_000_000
            && time.getSeconds() >= FIRST_SECOND
            && time.getSeconds() <= LAST_SECOND;
    if (!sound) {
      violations.add(
          field,
          "must be a time from the year 1 to 9999, not %d seconds and %d nanoseconds since 1970"
              .formatted(time.getSeconds(), time.getNanos()));
      return Optional.empty();
    }
    return Optional.of(Instant.ofEpochSecond(time.getSeconds(), time.getNanos()));
  }
}
