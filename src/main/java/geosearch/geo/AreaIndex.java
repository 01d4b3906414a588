package geosearch.geo;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;

/**
 * The areas of one layer, found by position.
 *
 * <p>Exact: outlines are taken as given, their edges straight in longitude and latitude, and
 * nothing is rounded. A position on a border belongs to every area that it borders. Longitudes 180
 * and -180 are one meridian, and at a pole every longitude is the same point.
 *
 * <p>Areas are numbered from 0 in the order in which answers list them: by priority (high to low),
 * then by size (small to large, in square degrees), then by id.
 *
 * <p>Immutable, so any number of threads may ask at once. {@link #with} makes another index of a
 * few changes at a small part of what a new one costs; {@link CellGrid} explains how positions are
 * found.
 */
public final class AreaIndex {

  /** The usual {@link #clearanceMetres}. */
  public static final double CLEARANCE_METRES = 10;

  /** Is told of each area that contains a position. */
  @FunctionalInterface
  public interface MatchConsumer {

    /**
     * @param ordinal the area's number
     * @param border whether the position lies on the area's border
     */
    void accept(int ordinal, boolean border);
  }

  /** Is told of each area that contains a position of several. */
  @FunctionalInterface
  public interface BatchConsumer {

    /**
     * @param index which position
     * @param ordinal the area's number
     * @param border whether the position lies on the area's border
     */
    void accept(int index, int ordinal, boolean border);
  }

  /** Is told how far the borders of areas are. */
  @FunctionalInterface
  public interface DistanceConsumer {

    /**
     * @param ordinal the area's number
     * @param metres the geodesic to the nearest point of the area's border
     */
    void accept(int ordinal, double metres);
  }

  private final Overlay areas;
  private final AreaIndex built;

  /** Found when it is first asked for: after a change it costs more than the change. */
  private volatile @Nullable Envelope bounds;

  private AreaIndex(Overlay areas) {
    this.areas = areas;
    this.built = this;
  }

  private AreaIndex(Overlay areas, AreaIndex built) {
    this.areas = areas;
    this.built = built;
  }

  /** An index of no areas. */
  public static AreaIndex empty() {
    return new Builder().build();
  }

  /**
   * The index that gave the parts.
   *
   * @param parts of {@link IndexParts#LAYOUT} and unchanged: what else they lead to is not foreseen
   */
  public static AreaIndex of(IndexParts parts) {
    return new AreaIndex(Overlay.on(PackedAreas.of(parts)));
  }

  /** What this index is made of, once it is {@link #compacted}. */
  public IndexParts parts() {
    return compacted().areas.base().parts();
  }

  /** Starts an index. */
  public static Builder builder() {
    return new Builder();
  }

  /** How many areas there are. */
  public int size() {
    return areas.size();
  }

  /** How many vertices their outlines have together, the closing one of each ring included. */
  public long vertices() {
    return areas.vertices();
  }

  /**
   * The smallest envelope that holds them all, x the longitude and y the latitude; a null envelope
   * if there are none.
   */
  public Envelope bounds() {
    Envelope known = bounds;
    if (known == null) {
      known = new Envelope();
      for (int ordinal = 0; ordinal < areas.size(); ordinal++) {
        areas.outlines(ordinal).expand(known, areas.number(ordinal));
      }
      bounds = known;
    }
    return new Envelope(known);
  }

  /**
   * The area of a number.
   *
   * @throws IndexOutOfBoundsException for a number that no area has
   */
  public Area area(int ordinal) {
    return areas.area(ordinal);
  }

  /**
   * The outline of the area of a number: made anew from packed form, equal in every coordinate to
   * the one that was added.
   *
   * @throws IndexOutOfBoundsException for a number that no area has
   */
  public Geometry outline(int ordinal) {
    return areas.outlines(ordinal).geometry(areas.number(ordinal));
  }

  /**
   * Finds the areas that contain a position, and tells of each once, in no order.
   *
   * @param latitude degrees, -90 to 90
   * @param longitude degrees, -180 to 180
   * @return whether the position is known to be farther than {@link #clearanceMetres} from every
   *     border; near a border, the poles and the meridian of 180 degrees it isn't known
   */
  public boolean locate(double latitude, double longitude, MatchConsumer consumer) {
    if (Math.abs(latitude) == 90) {
      areas.locateAtPole(latitude, consumer);
      return false;
    }
    if (Math.abs(longitude) == 180) {
      locateAtAntimeridian(latitude, consumer);
      return false;
    }
    return areas.locate(latitude, longitude, consumer);
  }

  /**
   * The numbers of the areas that contain a position, in order.
   *
   * @param position where
   */
  public int[] locate(Position position) {
    Ints found = new Ints(8);
    locate(position.latitude(), position.longitude(), (ordinal, border) -> found.add(ordinal));
    int[] ordinals = found.toArray();
    Arrays.sort(ordinals);
    return ordinals;
  }

  /**
   * Finds the areas that contain each of many positions, faster than one by one, and tells of them
   * by position, in the order in which they were given.
   *
   * @param latitudes degrees, -90 to 90
   * @param longitudes degrees, -180 to 180, as many
   * @throws IllegalArgumentException if there are not as many
   */
  public void locateAll(double[] latitudes, double[] longitudes, BatchConsumer consumer) {
    if (latitudes.length != longitudes.length) {
      throw new IllegalArgumentException(
          "there must be as many latitudes as longitudes, not %d and %d"
              .formatted(latitudes.length, longitudes.length));
    }
    int done = 0;
    for (int i = 0; i < latitudes.length; i++) {
      if (Math.abs(latitudes[i]) == 90 || Math.abs(longitudes[i]) == 180) {
        int position = i;
        areas.locateAll(latitudes, longitudes, done, i, consumer);
        locate(
            latitudes[i],
            longitudes[i],
            (ordinal, border) -> consumer.accept(position, ordinal, border));
        done = i + 1;
      }
    }
    areas.locateAll(latitudes, longitudes, done, latitudes.length, consumer);
  }

  /**
   * Tells of the areas whose borders come within a distance of a position, whether they contain it
   * or not, once and in no order. It costs the more, the more edges there are within.
   *
   * @param latitude degrees, -90 to 90
   * @param longitude degrees, -180 to 180
   * @param metres from 0 on, the limit included
   */
  public void forEachBorder(
      double latitude, double longitude, double metres, DistanceConsumer consumer) {
    Borders.forEachWithin(areas, latitude, longitude, metres, consumer);
  }

  /**
   * How far it is from a position to the border of an area, in metres.
   *
   * @param latitude degrees, -90 to 90
   * @param longitude degrees, -180 to 180
   * @throws IndexOutOfBoundsException for a number that no area has
   */
  public double borderDistance(int ordinal, double latitude, double longitude) {
    return Borders.to(areas, ordinal, latitude, longitude);
  }

  /** The smallest envelope that holds an area, x the longitude and y the latitude. */
  public Envelope bounds(int ordinal) {
    Envelope envelope = new Envelope();
    areas.outlines(ordinal).expand(envelope, areas.number(ordinal));
    return envelope;
  }

  /** How many vertices an area's outline has, the closing one of each ring included. */
  public int vertices(int ordinal) {
    return areas.outlines(ordinal).vertices(areas.number(ordinal));
  }

  /**
   * Tells of the areas that are not in answers at any moment, in no order. Positions are found in
   * them all the same: whoever answers asks {@link Area#holdsAt}.
   */
  public void forEachTimed(IntConsumer ordinals) {
    areas.forEachTimed(ordinals);
  }

  /** Whether there is an area that is not in answers at any moment. */
  public boolean isTimed() {
    return areas.isTimed();
  }

  /** The first moment after another at which the validity of an area starts or ends. */
  public Optional<Instant> nextChange(Instant after) {
    List<Instant> changes = new ArrayList<>();
    forEachTimed(ordinal -> area(ordinal).validity().nextChange(after).ifPresent(changes::add));
    return changes.stream().min(Comparator.naturalOrder());
  }

  /** How far positions are from every border, in metres, that are told to be clear of them. */
  public double clearanceMetres() {
    return areas.clearanceMetres();
  }

  /** What the index and the outlines take in memory, the {@link Area}s themselves left out. */
  public long sizeInBytes() {
    return areas.sizeInBytes();
  }

  /** About how many bytes of memory the texts of the {@link Area}s take. */
  public long textBytes() {
    return areas.textBytes();
  }

  /**
   * The index after changes. It shares all that has not changed with this one, so it is made within
   * milliseconds; but each area that {@link #overlaid} counts makes the next change and each lookup
   * a little slower, so that {@link #compacted} pays after some hundreds of them, or thousands
   * where there are many.
   *
   * @param changed areas that are added, in place of those that have the same ids
   * @param removed ids of areas that are left out; ids that no area has don't matter
   */
  public AreaIndex with(Builder changed, Set<String> removed) {
    Set<String> stale = new HashSet<>(removed);
    changed.areas.forEach(area -> stale.add(area.id()));
    return with(changed, areas.ordinals(stale));
  }

  /**
   * The index after changes, as {@link #with(Builder, Set)} makes it, for areas of which several
   * have the same id.
   *
   * @param more areas that are added
   * @param gone the numbers of areas that are left out
   */
  public AreaIndex with(Builder more, BitSet gone) {
    Builder merged = new Builder().clearanceMetres(clearanceMetres());
    merged.addAll(more);
    int repacked = areas.firstRepacked(more.size());
    areas.forEachFrom(
        repacked,
        (packed, number, ordinal) -> {
          if (!gone.get(ordinal)) {
            merged.add(packed, number);
          }
        });
    return new AreaIndex(
        areas.with(repacked, merged.pack(Overlay.areForNow(merged.size())), gone), built);
  }

  /** How many areas have been changed since the whole was built, some perhaps twice. */
  public int overlaid() {
    return areas.overlaid();
  }

  /**
   * The index that was built as a whole, of which this one is made by changes; itself if there were
   * none. What somebody makes of its areas holds for those that {@link #numberInBuilt} knows.
   */
  public AreaIndex built() {
    return built;
  }

  /** The number that an area has in {@link #built}; -1 if it came or changed since. */
  public int numberInBuilt(int ordinal) {
    return areas.isAdded(ordinal) ? -1 : areas.number(ordinal);
  }

  /** The number that an area of {@link #built} has here; -1 if it changed or went since. */
  public int numberOfBuilt(int number) {
    return areas.ordinal(number);
  }

  /** The same index built as a whole. */
  public AreaIndex compacted() {
    if (overlaid() == 0) {
      return this;
    }
    Builder all = new Builder().clearanceMetres(clearanceMetres());
    for (int ordinal = 0; ordinal < size(); ordinal++) {
      all.add(areas.packed(ordinal), areas.number(ordinal));
    }
    return all.build();
  }

  /** On the border, unless it is inside by one of its two names. */
  private void locateAtAntimeridian(double latitude, MatchConsumer consumer) {
    Map<Integer, Boolean> found = new TreeMap<>();
    MatchConsumer gather = (ordinal, border) -> found.merge(ordinal, border, Boolean::logicalAnd);
    areas.locate(latitude, 180, gather);
    areas.locate(latitude, -180, gather);
    found.forEach(consumer::accept);
  }

  /** Gathers areas for an index. Not safe for use by several threads. */
  public static final class Builder {
    private final List<Area> areas = new ArrayList<>();
    private final OutlineBuffer outlines = new OutlineBuffer();
    private double clearanceMetres = CLEARANCE_METRES;

    private Builder() {}

    /**
     * Adds an area. Of the outline nothing is kept but its coordinates.
     *
     * @param outline a polygon or multipolygon, x the longitude and y the latitude in degrees
     * @throws IllegalArgumentException for another kind of geometry, for an empty one, and for a
     *     coordinate that is not finite or beyond 511 degrees; then nothing is added
     */
    public Builder add(Area area, Geometry outline) {
      outlines.add(outline);
      areas.add(area);
      return this;
    }

    /**
     * Chooses {@link AreaIndex#clearanceMetres}.
     *
     * @param metres from 0 to 1,000
     * @throws IllegalArgumentException for another number
     */
    public Builder clearanceMetres(double metres) {
      if (!(metres >= 0 && metres <= Clearance.MOST_METRES)) {
        throw new IllegalArgumentException(
            "the clearance must be from 0 to 1000 metres, not " + metres);
      }
      clearanceMetres = metres;
      return this;
    }

    /** How many areas have been added. */
    public int size() {
      return areas.size();
    }

    /** Builds the index of what was added; afterwards nothing has been. */
    public AreaIndex build() {
      return new AreaIndex(Overlay.on(pack(false)));
    }

    private PackedAreas pack(boolean forNow) {
      List<Area> all = List.copyOf(areas);
      areas.clear();
      return PackedAreas.of(all, outlines, clearanceMetres, forNow);
    }

    private void add(PackedAreas packed, int number) {
      outlines.add(packed.outlines(), number);
      areas.add(packed.area(number));
    }

    private void addAll(Builder other) {
      outlines.addAll(other.outlines);
      areas.addAll(other.areas);
    }
  }
}
