package geosearch.geo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.LinearRing;
import org.locationtech.jts.geom.MultiPolygon;
import org.locationtech.jts.geom.Polygon;
import org.locationtech.jts.geom.PrecisionModel;
import org.locationtech.jts.geom.impl.PackedCoordinateSequence;

/**
 * The outlines of areas, packed: every vertex once for each ring that has it, as the doubles that
 * it was given as.
 *
 * <p>An area's rings, and a ring's vertices, follow one another. A ring ends with the vertex with
 * which it begins.
 */
final class Outlines {
  private static final GeometryFactory WGS_84 = new GeometryFactory(new PrecisionModel(), 4326);

  /** Longitude and latitude of each vertex. */
  final double[] xy;

  /** The first vertex of each ring, and one more. */
  final int[] ringStart;

  /** The first ring of each area. */
  final int[] areaStart;

  /** The ring after the last one of each area. */
  final int[] areaEnd;

  /** One bit for each ring that is a hole in the shell before it. */
  final long[] holes;

  /** Square degrees. */
  final double[] sizes;

  Outlines(
      double[] xy, int[] ringStart, long[] holes, int[] areaStart, int[] areaEnd, double[] sizes) {
    this.xy = xy;
    this.ringStart = ringStart;
    this.areaStart = areaStart;
    this.areaEnd = areaEnd;
    this.holes = holes;
    this.sizes = sizes;
  }

  Outlines(IndexParts parts) {
    this(
        parts.xy(),
        parts.ringStart(),
        parts.holes(),
        parts.areaStart(),
        parts.areaEnd(),
        parts.sizes());
  }

  int areas() {
    return areaStart.length;
  }

  int vertices() {
    return xy.length / 2;
  }

  int vertices(int area) {
    return ringStart[endRing(area)] - ringStart[firstRing(area)];
  }

  int firstRing(int area) {
    return areaStart[area];
  }

  int endRing(int area) {
    return areaEnd[area];
  }

  /** The first vertex of a ring. */
  int firstVertex(int ring) {
    return ringStart[ring];
  }

  /** The last vertex of a ring, which closes it. */
  int lastVertex(int ring) {
    return ringStart[ring + 1] - 1;
  }

  boolean isHole(int ring) {
    return (holes[ring >> 6] & 1L << ring) != 0;
  }

  /** What an area covers, its holes left out, in square degrees. */
  double size(int area) {
    return sizes[area];
  }

  void expand(Envelope envelope, int area) {
    int end = ringStart[endRing(area)];
    for (int v = ringStart[firstRing(area)]; v < end; v++) {
      envelope.expandToInclude(xy[2 * v], xy[2 * v + 1]);
    }
  }

  /** A polygon or multipolygon equal to the one that was added. */
  Geometry geometry(int area) {
    List<Polygon> polygons = new ArrayList<>();
    int end = endRing(area);
    for (int shell = firstRing(area); shell < end; ) {
      int next = shell + 1;
      while (next < end && isHole(next)) {
        next++;
      }
      LinearRing[] inner = new LinearRing[next - shell - 1];
      for (int i = 0; i < inner.length; i++) {
        inner[i] = ring(shell + 1 + i);
      }
      polygons.add(WGS_84.createPolygon(ring(shell), inner));
      shell = next;
    }
    return polygons.size() == 1
        ? polygons.getFirst()
        : new MultiPolygon(polygons.toArray(Polygon[]::new), WGS_84);
  }

  private LinearRing ring(int ring) {
    double[] coordinates = Arrays.copyOfRange(xy, 2 * ringStart[ring], 2 * ringStart[ring + 1]);
    return WGS_84.createLinearRing(new PackedCoordinateSequence.Double(coordinates, 2, 0));
  }

  long sizeInBytes() {
    return 8L * (xy.length + holes.length + sizes.length)
        + 4L * (ringStart.length + areaStart.length + areaEnd.length);
  }
}
