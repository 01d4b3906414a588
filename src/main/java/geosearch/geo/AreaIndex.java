package geosearch.geo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.locationtech.jts.algorithm.locate.IndexedPointInAreaLocator;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.Location;
import org.locationtech.jts.geom.Polygonal;
import org.locationtech.jts.index.strtree.STRtree;

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
 * <p>Immutable once built, so any number of threads may ask at once.
 */
public final class AreaIndex {

  /** Is told of each area that contains a position. */
  @FunctionalInterface
  public interface MatchConsumer {

    /**
     * @param ordinal the area's number
     * @param border whether the position lies on the area's border
     */
    void accept(int ordinal, boolean border);
  }

  private final List<Entry> entries;
  private final STRtree tree;
  private final Envelope bounds;
  private final long vertices;

  private AreaIndex(List<Entry> entries) {
    this.entries = entries;
    this.tree = new STRtree();
    this.bounds = new Envelope();
    long count = 0;
    for (int ordinal = 0; ordinal < entries.size(); ordinal++) {
      Geometry outline = entries.get(ordinal).outline();
      tree.insert(outline.getEnvelopeInternal(), ordinal);
      bounds.expandToInclude(outline.getEnvelopeInternal());
      count += outline.getNumPoints();
    }
    tree.build();
    this.vertices = count;
  }

  /** An index of no areas. */
  public static AreaIndex empty() {
    return new Builder().build();
  }

  /** Starts an index. */
  public static Builder builder() {
    return new Builder();
  }

  /** How many areas there are. */
  public int size() {
    return entries.size();
  }

  /** How many vertices their outlines have together, the closing one of each ring included. */
  public long vertices() {
    return vertices;
  }

  /**
   * The smallest envelope that holds them all, x the longitude and y the latitude; a null envelope
   * if there are none.
   */
  public Envelope bounds() {
    return new Envelope(bounds);
  }

  /**
   * The area of a number.
   *
   * @throws IndexOutOfBoundsException for a number that no area has
   */
  public Area area(int ordinal) {
    return entries.get(ordinal).area();
  }

  /**
   * Finds the areas that contain a position, and tells of each once, in no order.
   *
   * @param latitude degrees, -90 to 90
   * @param longitude degrees, -180 to 180
   */
  public void locate(double latitude, double longitude, MatchConsumer consumer) {
    if (Math.abs(latitude) == 90) {
      locateAtPole(latitude, consumer);
    } else if (Math.abs(longitude) == 180) {
      locateAtAntimeridian(latitude, consumer);
    } else {
      Coordinate point = new Coordinate(longitude, latitude);
      visit(
          new Envelope(point),
          ordinal -> {
            int location = entries.get(ordinal).locate(point);
            if (location != Location.EXTERIOR) {
              consumer.accept(ordinal, location == Location.BOUNDARY);
            }
          });
    }
  }

  /**
   * The numbers of the areas that contain a position, in order.
   *
   * @param position where
   */
  public int[] locate(Position position) {
    int[][] found = {new int[8]};
    int[] count = {0};
    locate(
        position.latitude(),
        position.longitude(),
        (ordinal, border) -> {
          if (count[0] == found[0].length) {
            found[0] = Arrays.copyOf(found[0], count[0] * 2);
          }
          found[0][count[0]++] = ordinal;
        });
    int[] ordinals = Arrays.copyOf(found[0], count[0]);
    Arrays.sort(ordinals);
    return ordinals;
  }

  /**
   * Whichever longitude it is called by, the pole is one point: an outline that reaches its
   * latitude holds it.
   */
  private void locateAtPole(double latitude, MatchConsumer consumer) {
    visit(new Envelope(-180, 180, latitude, latitude), ordinal -> consumer.accept(ordinal, true));
  }

  private void locateAtAntimeridian(double latitude, MatchConsumer consumer) {
    Coordinate east = new Coordinate(180, latitude);
    Coordinate west = new Coordinate(-180, latitude);
    visit(
        new Envelope(-180, 180, latitude, latitude),
        ordinal -> {
          Entry entry = entries.get(ordinal);
          if (entry.locate(east) != Location.EXTERIOR || entry.locate(west) != Location.EXTERIOR) {
            consumer.accept(ordinal, true);
          }
        });
  }

  private void visit(Envelope envelope, java.util.function.IntConsumer candidate) {
    tree.query(envelope, item -> candidate.accept((Integer) item));
  }

  private record Entry(
      Area area, Geometry outline, double size, IndexedPointInAreaLocator locator) {

    /** Boundaries between areas touch no interior: JTS decides with exact orientation tests. */
    int locate(Coordinate point) {
      return outline.getEnvelopeInternal().contains(point)
          ? locator.locate(point)
          : Location.EXTERIOR;
    }
  }

  /** Gathers areas for an index. Not safe for use by several threads. */
  public static final class Builder {
    private final List<Entry> entries = new ArrayList<>();

    private Builder() {}

    /**
     * Adds an area.
     *
     * @param outline a polygon or multipolygon, x the longitude and y the latitude in degrees; it
     *     must not change afterwards
     * @throws IllegalArgumentException for another kind of geometry and for an empty one
     */
    public Builder add(Area area, Geometry outline) {
      if (!(outline instanceof Polygonal) || outline.isEmpty()) {
        throw new IllegalArgumentException(
            "an area's outline must be a polygon or multipolygon that is not empty, not a "
                + outline.getGeometryType());
      }
      entries.add(
          new Entry(area, outline, outline.getArea(), new IndexedPointInAreaLocator(outline)));
      return this;
    }

    /** How many areas have been added. */
    public int size() {
      return entries.size();
    }

    /** Builds the index. */
    public AreaIndex build() {
      List<Entry> ordered = new ArrayList<>(entries);
      ordered.sort(
          Comparator.comparingInt((Entry entry) -> -entry.area().priority())
              .thenComparingDouble(Entry::size)
              .thenComparing(entry -> entry.area().id()));
      return new AreaIndex(List.copyOf(ordered));
    }
  }
}
