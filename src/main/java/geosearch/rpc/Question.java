package geosearch.rpc;

import geosearch.atlas.View;
import geosearch.v1.LocateOptions;
import geosearch.v1.Nearest;
import java.time.Instant;
import java.util.List;

/**
 * What is asked of each position of a call, checked. Immutable.
 *
 * @param areas which areas are asked about
 * @param borderDistance whether to measure to the borders of areas that contain a position
 * @param nearestWithin how far the nearest areas may be, in metres; 0 if they aren't asked for
 * @param nearestCount how many of them
 * @param accuracy how far positions may be off, in metres; NaN if nobody said
 */
record Question(
    Asked areas, boolean borderDistance, double nearestWithin, int nearestCount, double accuracy) {

  private static final double FARTHEST = 100_000;
  private static final int MOST_NEAREST = 100;

  /** What a request without options asks: which areas of all layers contain a position now. */
  static Question plain(View view, Instant now) {
    return new Question(new Asked(view.layers(), List.of(), now), false, 0, 1, Double.NaN);
  }

  /**
   * Reads the options of a request.
   *
   * @param path where they are in the request, with a dot at the end
   * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT, NOT_FOUND or OUT_OF_RANGE
   */
  static Question of(LocateOptions options, String path, View view, Instant now) {
    return of(options, path, view, now, List.of());
  }

  /**
   * Reads the options of a request whose positions have times of their own.
   *
   * @param path where they are in the request, with a dot at the end
   * @param moments that are asked about in place of that of the options; none means that one
   * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT, NOT_FOUND or OUT_OF_RANGE
   */
  static Question of(
      LocateOptions options, String path, View view, Instant now, List<Instant> moments) {
    Violations violations = new Violations();
    Asked.checkLayers(options.getLayersList(), options.getDatasetVersionsMap(), path, violations);
    Asked.checkSelection(options.getAttributes(), path, violations);
    Asked.checkGeneration(options.getMinGeneration(), path, violations);
    if (options.hasAccuracyM()) {
      checkAccuracy(options.getAccuracyM(), path + "accuracy_m", violations);
    }
    if (options.hasNearest()) {
      check(options.getNearest(), path + "nearest", violations);
    }
    Instant time =
        options.hasAsOf() ? Asked.time(options.getAsOf(), path + "as_of", violations) : now;
    var conditions = Asked.conditions(options.getFiltersList(), path, violations);
    if (!violations.isEmpty()) {
      throw violations.refusal();
    }
    Asked.checkKnown(view, options.getMinGeneration());
    Times times = Times.of(moments.isEmpty() ? time : moments.getFirst(), now);
    for (Instant moment : moments) {
      times = times.with(moment);
    }
    Asked areas =
        new Asked(
            Asked.snapshots(view, options.getLayersList(), options.getDatasetVersionsMap(), times),
            conditions,
            time);
    if (moments.isEmpty()) {
      areas.checkKept(time);
    }
    return new Question(
        areas,
        options.getBorderDistance(),
        options.hasNearest() ? options.getNearest().getWithinM() : 0,
        Math.max(1, options.getNearest().getMaxAreas()),
        options.hasAccuracyM() ? options.getAccuracyM() : Double.NaN);
  }

  /** Adds what is wrong with an accuracy. */
  static void checkAccuracy(double metres, String field, Violations violations) {
    if (!(metres >= 0 && metres <= FARTHEST)) {
      violations.add(field, "must be from 0 to 100000 metres, not " + metres);
    }
  }

  /** Whether containment alone is asked about. */
  boolean isPlain() {
    return !borderDistance && nearestWithin == 0 && Double.isNaN(accuracy);
  }

  private static void check(Nearest nearest, String field, Violations violations) {
    if (!(nearest.getWithinM() > 0 && nearest.getWithinM() <= FARTHEST)) {
      violations.add(
          field + ".within_m",
          "must be above 0 and at most 100000 metres, not " + nearest.getWithinM());
    }
    if (nearest.getMaxAreas() < 0 || nearest.getMaxAreas() > MOST_NEAREST) {
      violations.add(field + ".max_areas", "must be from 0 to 100, not " + nearest.getMaxAreas());
    }
  }
}
