package geosearch.rpc;

import geosearch.geo.Position;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.locationtech.jts.geom.CoordinateSequence;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.LinearRing;
import org.locationtech.jts.geom.Polygon;
import org.locationtech.jts.geom.impl.PackedCoordinateSequence;
import org.locationtech.jts.operation.valid.IsValidOp;
import org.locationtech.jts.operation.valid.TopologyValidationError;

/**
 * Gathers an outline position by position from whatever it is written in, and makes a geometry of
 * it once it is known to be small, whole and in range. For use by one thread.
 */
final class OutlineBuilder {

  private static final GeometryFactory GEOMETRIES = new GeometryFactory();
  private static final int SMALLEST_RING = 4;

  /** An edge that goes farther may be meant to go the other way round. */
  private static final double WIDEST_EDGE = 180;

  private final int maxVertices;
  private final int maxRings;
  private final List<List<LinearRing>> polygons = new ArrayList<>();
  private List<LinearRing> rings = new ArrayList<>();
  private double[] ring = new double[64];
  private int ringLength;
  private int vertices;
  private int ringCount;

  /** What is wrong with the first coordinate that is out of range; empty while none is. */
  private String outOfRange = "";

  private boolean inRangeSwapped = true;

  OutlineBuilder(int maxVertices, int maxRings) {
    this.maxVertices = maxVertices;
    this.maxRings = maxRings;
  }

  /** Adds a position to the ring. */
  void addPosition(double longitude, double latitude) throws InvalidOutlineException {
    if (++vertices > maxVertices) {
      throw new InvalidOutlineException(
          "has more than %d vertices (setting zones.max-vertices)".formatted(maxVertices));
    }
    if (outOfRange.isEmpty() && !Position.isLongitude(longitude)) {
      outOfRange = "longitudes must be from -180 to 180 degrees, not " + longitude;
    } else if (outOfRange.isEmpty() && !Position.isLatitude(latitude)) {
      outOfRange = "latitudes must be from -90 to 90 degrees, not " + latitude;
    }
    inRangeSwapped &= Position.isLatitude(longitude) && Position.isLongitude(latitude);
    if (ringLength == ring.length) {
      ring = Arrays.copyOf(ring, ringLength * 2);
    }
    ring[ringLength++] = longitude;
    ring[ringLength++] = latitude;
  }

  /** Ends the ring: the first of a polygon is its shell, the others are its holes. */
  void endRing() throws InvalidOutlineException {
    if (ringLength < 2 * SMALLEST_RING) {
      throw new InvalidOutlineException(
          "has a ring of %d positions; it takes %d, of which the last is the first again"
              .formatted(ringLength / 2, SMALLEST_RING));
    }
    if (ring[0] != ring[ringLength - 2] || ring[1] != ring[ringLength - 1]) {
      // NaN differs from itself, and is better told of as what it is.
      throw new InvalidOutlineException(
          outOfRange.isEmpty()
              ? "has a ring that is not closed: its last position must be its first"
              : rangeError());
    }
    if (++ringCount > maxRings) {
      throw new InvalidOutlineException(
          "has more than %d rings (setting zones.max-rings)".formatted(maxRings));
    }
    rings.add(
        GEOMETRIES.createLinearRing(
            new PackedCoordinateSequence.Double(Arrays.copyOf(ring, ringLength), 2, 0)));
    ringLength = 0;
  }

  /** Ends the polygon. */
  void endPolygon() throws InvalidOutlineException {
    if (rings.isEmpty()) {
      throw new InvalidOutlineException("has a polygon without a ring");
    }
    polygons.add(rings);
    rings = new ArrayList<>();
  }

  /**
   * Makes a polygon or, where that is what was written, a multipolygon.
   *
   * @throws InvalidOutlineException if it is empty, out of range, too entangled to be checked, or
   *     not valid as OGC Simple Features says
   */
  Geometry build(boolean multi) throws InvalidOutlineException {
    if (polygons.isEmpty()) {
      throw new InvalidOutlineException("is empty");
    }
    if (!outOfRange.isEmpty()) {
      throw new InvalidOutlineException(rangeError());
    }
    Polygon[] parts = polygons.stream().map(OutlineBuilder::polygon).toArray(Polygon[]::new);
    Geometry geometry = multi ? GEOMETRIES.createMultiPolygon(parts) : parts[0];
    for (Polygon part : parts) {
      checkEdges(part);
    }
    CheckEffort.check(geometry);
    TopologyValidationError error = new IsValidOp(geometry).getValidationError();
    if (error != null) {
      throw new InvalidOutlineException(
          "is not valid: %s at longitude %s, latitude %s"
              .formatted(
                  error.getMessage(), error.getCoordinate().getX(), error.getCoordinate().getY()));
    }
    return geometry;
  }

  private static void checkEdges(Polygon part) throws InvalidOutlineException {
    checkEdges(part.getExteriorRing());
    for (int hole = 0; hole < part.getNumInteriorRing(); hole++) {
      checkEdges(part.getInteriorRingN(hole));
    }
  }

  /** An outline across the meridian of 180 degrees would be read as one around the world. */
  private static void checkEdges(LinearRing ring) throws InvalidOutlineException {
    CoordinateSequence positions = ring.getCoordinateSequence();
    for (int i = 1; i < positions.size(); i++) {
      double from = positions.getX(i - 1);
      double to = positions.getX(i);
      boolean whole = Math.abs(from) == 180 && Math.abs(to) == 180;
      if (Math.abs(to - from) > WIDEST_EDGE && !whole) {
        throw new InvalidOutlineException(
            "has an edge from longitude %s to %s, more than 180 degrees: cut an outline across the meridian of 180 degrees there into a multipolygon, or put a vertex between"
                .formatted(from, to));
      }
    }
  }

  private String rangeError() {
    return inRangeSwapped
        ? outOfRange + "; latitude and longitude look swapped: the longitude comes first"
        : outOfRange;
  }

  private static Polygon polygon(List<LinearRing> rings) {
    return GEOMETRIES.createPolygon(
        rings.getFirst(), rings.subList(1, rings.size()).toArray(LinearRing[]::new));
  }
}
