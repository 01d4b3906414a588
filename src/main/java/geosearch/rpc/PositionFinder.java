package geosearch.rpc;

import geosearch.atlas.Snapshot;
import geosearch.geo.AreaIndex;
import geosearch.geo.Position;
import geosearch.v1.Certainty;
import geosearch.v1.Match;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds what is asked of positions, one after another, and holds what was found for the last one.
 * For use by one thread; a call makes one for all of its positions.
 */
final class PositionFinder {

  /** The first distance within which the nearest areas are looked for, in metres. */
  private static final double FIRST_RADIUS = 500;

  private static final double GROWTH = 5;

  private final Question question;
  private final List<Snapshot> snapshots;
  private final List<AnsweredLayer> layers;
  private final FoundAreas areas = new FoundAreas();
  private final FoundAreas possible = new FoundAreas();
  private final List<Certainty> certainties = new ArrayList<>();
  private final Hits hits = new Hits();
  private double latitude;
  private double longitude;
  private Instant time;
  private boolean swapped;

  /**
   * @param layers that are asked about
   */
  PositionFinder(Question question, List<AnsweredLayer> layers) {
    this.question = question;
    this.snapshots = question.areas().snapshots();
    this.layers = layers;
    this.time = question.areas().time();
  }

  /** The areas that contain the position, or the nearest ones, in the order of answers. */
  FoundAreas areas() {
    return areas;
  }

  /** The areas that may contain it, in the order of answers. */
  FoundAreas possible() {
    return possible;
  }

  /** What each layer says of it; empty if no accuracy was given. */
  List<Certainty> certainties() {
    return certainties;
  }

  /** Whether nothing was found and would have been with latitude and longitude exchanged. */
  boolean isSwappedFound() {
    return swapped;
  }

  /** Finds what the question asks of a position. */
  void find(double latitude, double longitude) {
    find(latitude, longitude, question.accuracy(), question.areas().time());
  }

  /**
   * Finds what the question asks of a position.
   *
   * @param accuracy how far it may be off, in metres; NaN if nobody said
   * @param time at which areas must hold
   */
  void find(double latitude, double longitude, double accuracy, Instant time) {
    begin(latitude, longitude, time);
    for (int layer = 0; layer < snapshots.size(); layer++) {
      AreaIndex index = snapshots.get(layer).index();
      hits.clear();
      boolean clear = index.locate(latitude, longitude, hits);
      hits.sort();
      take(layer, hits, 0, hits.count());
      if (!Double.isNaN(accuracy)) {
        judge(layer, accuracy, clear);
      }
    }
    end();
  }

  /** Begins a position of which the caller says what contains it, by {@link #take}. */
  void begin(double latitude, double longitude, Instant time) {
    this.latitude = latitude;
    this.longitude = longitude;
    this.time = time;
    swapped = false;
    areas.clear();
    possible.clear();
    certainties.clear();
  }

  /** Takes those of a layer's hits that are asked about; layers come in their order. */
  void take(int layer, Hits found, int from, int to) {
    Snapshot snapshot = snapshots.get(layer);
    boolean every = question.areas().isEveryArea(snapshot);
    int before = areas.count();
    for (int i = from; i < to; i++) {
      int ordinal = found.ordinal(i);
      if (every || isWanted(snapshot, ordinal)) {
        boolean border = found.isOnBorder(i);
        areas.add(
            layer,
            ordinal,
            border ? Match.MATCH_BORDER : Match.MATCH_INSIDE,
            question.borderDistance() ? borderDistance(snapshot, ordinal, border) : Double.NaN);
      }
    }
    layers.get(layer).recorder().record(areas.count() > before);
  }

  /** Looks farther if nothing contains the position. */
  void end() {
    if (areas.count() == 0) {
      if (question.nearestWithin() > 0) {
        findNearest();
      }
      swapped = areas.count() == 0 && isFoundSwapped();
    }
  }

  private double borderDistance(Snapshot snapshot, int ordinal, boolean border) {
    return border ? 0 : snapshot.index().borderDistance(ordinal, latitude, longitude);
  }

  private boolean isWanted(Snapshot snapshot, int ordinal) {
    return question.areas().isWanted(snapshot.index().area(ordinal), time);
  }

  /** Says whether a border comes within the disc. */
  private void judge(int layer, double accuracy, boolean clear) {
    Snapshot snapshot = snapshots.get(layer);
    double radius = accuracy + snapshot.layer().accuracyMetres();
    if (clear && radius <= snapshot.index().clearanceMetres()) {
      certainties.add(Certainty.CERTAINTY_CERTAIN);
      return;
    }
    int before = possible.count();
    boolean[] touched = new boolean[1];
    snapshot
        .index()
        .forEachBorder(
            latitude,
            longitude,
            radius,
            (ordinal, metres) -> {
              if (isWanted(snapshot, ordinal)) {
                touched[0] = true;
                if (!hits.contains(ordinal)) {
                  possible.add(layer, ordinal, Match.MATCH_WITHIN_ACCURACY, metres);
                }
              }
            });
    possible.sortByOrder(before);
    certainties.add(touched[0] ? Certainty.CERTAINTY_AMBIGUOUS : Certainty.CERTAINTY_CERTAIN);
  }

  /** Looks within ever more metres until there are enough. */
  private void findNearest() {
    double within = question.nearestWithin();
    for (double radius = Math.min(FIRST_RADIUS, within); ; radius *= GROWTH) {
      double limit = Math.min(radius, within);
      areas.clear();
      for (int layer = 0; layer < snapshots.size(); layer++) {
        int number = layer;
        Snapshot snapshot = snapshots.get(layer);
        snapshot
            .index()
            .forEachBorder(
                latitude,
                longitude,
                limit,
                (ordinal, metres) -> {
                  if (isWanted(snapshot, ordinal)) {
                    areas.add(number, ordinal, Match.MATCH_NEAREST, metres);
                  }
                });
      }
      if (areas.count() >= question.nearestCount() || limit >= within) {
        break;
      }
    }
    areas.keepNearest(question.nearestCount());
  }

  /**
   * Whether a position is impossible as it is, and something would be found with latitude and
   * longitude exchanged.
   */
  boolean isFoundSwapped(double latitude, double longitude, Instant time) {
    begin(latitude, longitude, time);
    boolean possible = Position.isLatitude(latitude) && Position.isLongitude(longitude);
    return !possible && isFoundSwapped();
  }

  private boolean isFoundSwapped() {
    if (!Position.isLatitude(longitude) || !Position.isLongitude(latitude)) {
      return false;
    }
    for (Snapshot snapshot : snapshots) {
      hits.clear();
      snapshot.index().locate(longitude, latitude, hits);
      for (int i = 0; i < hits.count(); i++) {
        if (isWanted(snapshot, hits.ordinal(i))) {
          return true;
        }
      }
    }
    return false;
  }
}
