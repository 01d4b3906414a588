package geosearch.geo;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.locationtech.jts.geom.Envelope;

/** Areas in the order of answers with their outlines and the grid that finds them. Immutable. */
final class PackedAreas {

  private final List<Area> areas;
  private final Outlines outlines;
  private final CellGrid grid;

  /** The areas whose outlines reach the poles. */
  private final int[] north;

  private final int[] south;

  /** The areas that do not always hold. */
  private final int[] timed;

  private final long textBytes;

  /** Made when somebody asks for the first of them: most never are. */
  private volatile @Nullable Map<String, Integer> numbers;

  private PackedAreas(List<Area> areas, Outlines outlines, CellGrid grid) {
    this.areas = areas;
    this.outlines = outlines;
    this.grid = grid;
    Ints reachNorth = new Ints(0);
    Ints reachSouth = new Ints(0);
    Ints changing = new Ints(0);
    long text = 0;
    for (int number = 0; number < areas.size(); number++) {
      Envelope envelope = new Envelope();
      outlines.expand(envelope, number);
      if (envelope.getMaxY() >= 90) {
        reachNorth.add(number);
      }
      if (envelope.getMinY() <= -90) {
        reachSouth.add(number);
      }
      if (!areas.get(number).isAlways()) {
        changing.add(number);
      }
      text += areas.get(number).textBytes();
    }
    this.textBytes = text;
    this.north = reachNorth.toArray();
    this.south = reachSouth.toArray();
    this.timed = changing.toArray();
  }

  /**
   * Sorts and packs areas, of which the outlines were added to the buffer in the same order; the
   * buffer is empty then.
   *
   * @param forNow whether they will be packed anew soon, see {@link CellGridBuilder}
   */
  static PackedAreas of(
      List<Area> areas, OutlineBuffer outlines, double clearanceMetres, boolean forNow) {
    Sized[] sorted = new Sized[areas.size()];
    Arrays.setAll(sorted, i -> new Sized(areas.get(i), outlines.size(i), i));
    Arrays.sort(sorted, (one, other) -> order(one.area(), one.size(), other.area(), other.size()));
    int[] order = Arrays.stream(sorted).mapToInt(Sized::added).toArray();
    List<Area> ordered = Arrays.stream(sorted).map(Sized::area).toList();
    Outlines packed = outlines.drain(order);
    return new PackedAreas(
        ordered, packed, new CellGridBuilder(packed, clearanceMetres, forNow).build());
  }

  /** The same areas that gave the parts. */
  static PackedAreas of(IndexParts parts) {
    return new PackedAreas(parts.areas(), new Outlines(parts), new CellGrid(parts));
  }

  IndexParts parts() {
    return new IndexParts(
        areas,
        outlines.xy,
        outlines.ringStart,
        outlines.holes,
        outlines.areaStart,
        outlines.areaEnd,
        outlines.sizes,
        grid.tiles(),
        grid.reach(),
        grid.cells,
        grid.lists,
        grid.records,
        grid.clearance());
  }

  int size() {
    return areas.size();
  }

  Area area(int number) {
    return areas.get(number);
  }

  Outlines outlines() {
    return outlines;
  }

  CellGrid grid() {
    return grid;
  }

  /** Whether one of these areas comes before one of others in the order of answers. */
  boolean isBefore(int number, PackedAreas others, int other) {
    return order(
            areas.get(number),
            outlines.size(number),
            others.areas.get(other),
            others.outlines.size(other))
        < 0;
  }

  /** By priority (high to low), then by size (small to large), then by id. */
  private static int order(Area one, double size, Area other, double otherSize) {
    int byPriority = Integer.compare(other.priority(), one.priority());
    if (byPriority != 0) {
      return byPriority;
    }
    int bySize = Double.compare(size, otherSize);
    return bySize != 0 ? bySize : one.id().compareTo(other.id());
  }

  /** The number of the area of an id, or -1. */
  int number(String id) {
    Map<String, Integer> known = numbers;
    if (known == null) {
      known = numberById();
      numbers = known;
    }
    return known.getOrDefault(id, -1);
  }

  private Map<String, Integer> numberById() {
    Map<String, Integer> byId = HashMap.newHashMap(areas.size());
    for (int number = 0; number < areas.size(); number++) {
      byId.put(areas.get(number).id(), number);
    }
    return byId;
  }

  /** Whichever longitude it is called by, a pole is one point. */
  int[] atPole(double latitude) {
    return latitude > 0 ? north : south;
  }

  /** The numbers of the areas whose validity has a start or an end. */
  int[] timed() {
    return timed;
  }

  /** About what the texts of the areas take. */
  long textBytes() {
    return textBytes;
  }

  long sizeInBytes() {
    return grid.sizeInBytes() + outlines.sizeInBytes();
  }

  /** What the order looks at, and where it was before. */
  private record Sized(Area area, double size, int added) {}
}
