package geosearch.geo;

import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * From when to when an area holds.
 *
 * @param start the first moment at which it does; nothing if it always has
 * @param end the first moment after {@code start} at which it does no longer; nothing if it will
 *     for good
 */
public record Validity(Optional<Instant> start, Optional<Instant> end) {

  /** Without a start or an end. */
  public static final Validity ALWAYS = new Validity(Optional.empty(), Optional.empty());

  /**
   * @throws IllegalArgumentException if it ends before it starts, or as it does
   */
  public Validity {
    if (start.isPresent() && end.isPresent() && !start.get().isBefore(end.get())) {
      throw new IllegalArgumentException(
          "a validity must start before it ends, not from %s to %s"
              .formatted(start.get(), end.get()));
    }
  }

  /** Whether it has neither a start nor an end. */
  public boolean isAlways() {
    return start.isEmpty() && end.isEmpty();
  }

  /** Whether it holds at a moment. */
  public boolean holdsAt(Instant moment) {
    return (start.isEmpty() || !moment.isBefore(start.get()))
        && (end.isEmpty() || moment.isBefore(end.get()));
  }

  /** The first moment after another at which it starts or ends. */
  public Optional<Instant> nextChange(Instant after) {
    return Stream.concat(start.stream(), end.stream())
        .filter(moment -> moment.isAfter(after))
        .findFirst();
  }
}
