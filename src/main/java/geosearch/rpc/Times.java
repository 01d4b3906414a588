package geosearch.rpc;

import java.time.Instant;

/**
 * The moments that a call asks about.
 *
 * @param earliest the first of them
 * @param latest the last of them
 * @param now when the call is answered
 */
record Times(Instant earliest, Instant latest, Instant now) {

  /** One moment alone. */
  static Times of(Instant moment, Instant now) {
    return new Times(moment, moment, now);
  }

  /** With another moment. */
  Times with(Instant moment) {
    if (moment.isBefore(earliest)) {
      return new Times(moment, latest, now);
    }
    return moment.isAfter(latest) ? new Times(earliest, moment, now) : this;
  }

  /** Whether it takes more than what there is now. */
  boolean arePast() {
    return earliest.isBefore(now);
  }
}
