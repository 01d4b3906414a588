package geosearch.load;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/**
 * Reads the member {@code coordinates} of a geometry into flat arrays. How deep the positions lie
 * tells polygons (3) from multipolygons (4), so that it does not matter whether {@code type} comes
 * before or after. Extra ordinates are dropped. Once the coordinates can't be used the rest is
 * skipped without being kept.
 */
final class CoordinatesParser {

  private static final int POLYGON_DEPTH = 3;
  private static final int MULTI_POLYGON_DEPTH = 4;

  /** Doubles; a larger buffer is given up after its feature. */
  private static final int KEPT_BUFFER = 1 << 18;

  private final ImportLimits limits;
  private final CoordinateRange range = new CoordinateRange();
  private double[] coordinates = new double[1 << 12];
  private int[] ringEnds = new int[16];
  private int[] polygonEnds = new int[16];
  private int vertices;

  /** Vertices above the limit, which are counted and not kept. */
  private long excess;

  private int rings;
  private int polygons;
  private int positionDepth;
  private boolean emptyFirst;
  private Optional<String> problem = Optional.empty();

  /**
   * Creates a parser for any number of geometries, one after another.
   *
   * @param limits how many vertices one feature may have
   */
  CoordinatesParser(ImportLimits limits) {
    this.limits = limits;
  }

  /** Forgets what was read. */
  void reset() {
    vertices = 0;
    excess = 0;
    rings = 0;
    polygons = 0;
    positionDepth = 0;
    emptyFirst = false;
    problem = Optional.empty();
    range.reset();
    if (coordinates.length > KEPT_BUFFER) {
      coordinates = new double[1 << 12];
    }
  }

  /** How deep the positions lie: 3 in a polygon, 4 in a multipolygon, 0 where there are none. */
  int positionDepth() {
    return positionDepth;
  }

  /** Why the coordinates can't be used, or nothing if they can. */
  Optional<String> problem() {
    if (problem.isPresent()) {
      return problem;
    }
    if (excess > 0) {
      return Optional.of(limits.tooManyVertices(vertices + excess));
    }
    if (emptyFirst && vertices > 0) {
      return Optional.of("its coordinates begin with an empty array");
    }
    return range.problem();
  }

  /** What was read, in arrays of its own. */
  RawOutline outline() {
    if (positionDepth == POLYGON_DEPTH) {
      endPolygon();
    }
    return new RawOutline(
        Arrays.copyOf(coordinates, 2 * vertices),
        Arrays.copyOf(ringEnds, rings),
        Arrays.copyOf(polygonEnds, polygons));
  }

  /** Reads the value that the parser stands before. */
  void read(JsonParser parser) throws IOException {
    reset();
    JsonToken token = parser.nextToken();
    if (token != JsonToken.START_ARRAY) {
      problem = Optional.of("its coordinates are no array");
      parser.skipChildren();
      return;
    }
    int depth = 1;
    while (depth > 0) {
      token = parser.nextToken();
      switch (token) {
        case START_ARRAY -> depth++;
        case END_ARRAY -> {
          endArray(depth);
          depth--;
        }
        case VALUE_NUMBER_FLOAT, VALUE_NUMBER_INT -> {
          position(parser, depth);
          depth--;
        }
        default -> {
          malformed("its coordinates hold something that is no number");
          parser.skipChildren();
        }
      }
    }
  }

  /** Reads a position from its first number to its end. */
  private void position(JsonParser parser, int depth) throws IOException {
    double x = parser.getDoubleValue();
    JsonToken token = parser.nextToken();
    if (token.isNumeric()) {
      add(x, parser.getDoubleValue(), depth);
      token = parser.nextToken();
    } else if (token == JsonToken.END_ARRAY) {
      malformed("a position has fewer than two numbers");
    }
    while (token != JsonToken.END_ARRAY) {
      if (!token.isNumeric()) {
        malformed("a position holds something that is no number");
        parser.skipChildren();
      }
      token = parser.nextToken();
    }
  }

  private void add(double x, double y, int depth) {
    if (problem.isPresent()) {
      return;
    }
    if (positionDepth == 0) {
      positionDepth = depth;
    }
    if (depth != positionDepth) {
      malformed("its positions do not lie at one depth");
    } else if (vertices == limits.maxVertices()) {
      excess++;
    } else {
      if (2 * vertices + 2 > coordinates.length) {
        coordinates = Arrays.copyOf(coordinates, 2 * grown(vertices));
      }
      coordinates[2 * vertices] = range.longitude(x);
      coordinates[2 * vertices + 1] = range.latitude(y);
      vertices++;
    }
  }

  /** Returns for how many vertices there is to be room once there are this many. */
  private int grown(int full) {
    return (int) Math.min(limits.maxVertices(), full * 3L / 2);
  }

  /** The end of an array that is no position. */
  private void endArray(int depth) {
    if (problem.isPresent()) {
      return;
    }
    if (positionDepth == 0) {
      emptyFirst = true;
    } else if (depth == positionDepth) {
      malformed("a position is empty");
    } else if (depth == positionDepth - 1) {
      endRing();
    } else if (depth == positionDepth - 2 && positionDepth == MULTI_POLYGON_DEPTH) {
      endPolygon();
    }
  }

  private void endRing() {
    if (rings == limits.maxVertices()) {
      malformed(limits.tooManyRings());
      return;
    }
    if (rings == ringEnds.length) {
      ringEnds = Arrays.copyOf(ringEnds, grown(rings));
    }
    ringEnds[rings++] = vertices;
  }

  private void endPolygon() {
    if (polygons == limits.maxVertices()) {
      malformed(limits.tooManyRings());
      return;
    }
    if (polygons == polygonEnds.length) {
      polygonEnds = Arrays.copyOf(polygonEnds, grown(polygons));
    }
    polygonEnds[polygons++] = rings;
  }

  private void malformed(String what) {
    if (problem.isEmpty()) {
      problem = Optional.of(what);
      vertices = 0;
      range.reset();
    }
  }
}
