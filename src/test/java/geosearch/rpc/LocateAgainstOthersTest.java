package geosearch.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import geosearch.geo.Area;
import geosearch.v1.LocateBatchRequest;
import geosearch.v1.LocateBatchResponse;
import geosearch.v1.LocateRequest;
import geosearch.v1.LocatedArea;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.MultiPolygon;
import org.locationtech.jts.geom.Polygon;

/** Locate says what JTS says, where JTS is right: everywhere but within rounding of an edge. */
class LocateAgainstOthersTest {

  @ParameterizedTest
  @CsvSource({
    "1, 2, 45, 10",
    "2, -75, -35, 20",
    "3, -5, -5, 10",
    "4, 140, -40, 0.01",
    "5, 170, 60, 9.5",
    "6, -20, 80, 9.5",
    "7, 100, -89.9, 20"
  })
  void locate_overlappingOutlinesWithHoles_agreesWithJts(
      long seed, double west, double south, double extent) throws Exception {
    RandomOutlines random = new RandomOutlines(seed, west, south, extent);
    List<Geometry> outlines = random.outlines(30);
    try (GeoSearchServer server = serve(outlines)) {
      List<Coordinate> positions =
          random.positions(outlines, 2_000).stream()
              .filter(position -> Math.abs(position.y) < 90)
              .toList();
      LocateBatchResponse response = server.stub().locateBatch(batch(positions));
      for (int i = 0; i < positions.size(); i++) {
        Geometry point = new GeometryFactory().createPoint(positions.get(i));
        Set<String> expected = new TreeSet<>();
        for (int area = 0; area < outlines.size(); area++) {
          if (outlines.get(area).covers(point)) {
            boolean inside = outlines.get(area).contains(point);
            expected.add(area + (inside ? " MATCH_INSIDE" : " MATCH_BORDER"));
          }
        }
        assertEquals(expected, found(response, i), positions.get(i)::toString);
      }
    }
  }

  /** An area over the meridian of 180 degrees is two parts, which its positions know nothing of. */
  @ParameterizedTest
  @CsvSource({"11, 20", "12, 70", "13, -60"})
  void locate_overTheMeridianOf180Degrees_agreesWithJtsElsewhere(long seed, double south)
      throws Exception {
    RandomOutlines random = new RandomOutlines(seed, -10, south, 20);
    List<Geometry> outlines = random.outlines(20);
    List<Geometry> moved = outlines.stream().map(LocateAgainstOthersTest::over180).toList();
    try (GeoSearchServer server = serve(moved)) {
      for (Coordinate position : random.positions(outlines, 1_000)) {
        double longitude = position.x < 0 ? position.x + 180 : position.x - 180;
        // Exact again only where nothing was rounded on the way.
        double back = longitude > 0 ? longitude - 180 : longitude + 180;
        Geometry point = new GeometryFactory().createPoint(new Coordinate(back, position.y));
        if (outlines.stream().anyMatch(o -> o.getBoundary().distance(point) < 1e-9)) {
          continue;
        }
        Set<String> expected = new TreeSet<>();
        for (int area = 0; area < outlines.size(); area++) {
          if (outlines.get(area).covers(point)) {
            expected.add(String.valueOf(area));
          }
        }
        Set<String> found =
            server
                .stub()
                .locate(
                    LocateRequest.newBuilder()
                        .setPosition(GeoSearchServer.at(position.y, longitude))
                        .build())
                .getAreasList()
                .stream()
                .map((LocatedArea one) -> one.getArea().getId())
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(expected, found, position::toString);
      }
    }
  }

  static GeoSearchServer serve(List<Geometry> outlines) throws Exception {
    Layers layer = Layers.imported("zone");
    for (int i = 0; i < outlines.size(); i++) {
      layer.area(new Area(String.valueOf(i), "", Map.of()), outlines.get(i));
    }
    return GeoSearchServer.of(layer.snapshot());
  }

  static LocateBatchRequest batch(List<Coordinate> positions) {
    LocateBatchRequest.Builder request = LocateBatchRequest.newBuilder();
    positions.forEach(position -> request.addLatitudes(position.y).addLongitudes(position.x));
    return request.build();
  }

  /** The areas of one position, with how they match. */
  static Set<String> found(LocateBatchResponse response, int i) {
    return response.getAnswers(i).getAreasList().stream()
        .map(match -> response.getAreas(match.getAreaIndex()).getId() + " " + match.getMatch())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Half a turn around the earth, in parts on both sides of the meridian. */
  private static Geometry over180(Geometry outline) {
    GeometryFactory factory = outline.getFactory();
    Geometry west = half(outline, -99, 0, 180);
    Geometry east = half(outline, 0, 99, -180);
    List<Polygon> parts = new ArrayList<>();
    for (Geometry half : List.of(west, east)) {
      for (int i = 0; i < half.getNumGeometries(); i++) {
        if (half.getGeometryN(i) instanceof Polygon part && !part.isEmpty()) {
          parts.add(part);
        }
      }
    }
    return new MultiPolygon(parts.toArray(Polygon[]::new), factory);
  }

  private static Geometry half(Geometry outline, double west, double east, double turn) {
    // A copy, for the two share coordinates otherwise.
    Geometry half =
        outline
            .intersection(outline.getFactory().toGeometry(new Envelope(west, east, -90, 90)))
            .copy();
    half.apply((Coordinate coordinate) -> coordinate.x += turn);
    half.geometryChanged();
    return half;
  }
}
