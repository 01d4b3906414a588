package geosearch.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import geosearch.geo.Area;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.zip.GZIPInputStream;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.LinearRing;
import org.locationtech.jts.geom.Polygon;

/**
 * The communes of France, which lie beside the repository where they are at all: the project does
 * not contain them.
 */
public final class Communes {

  /** How many there are. */
  public static final int COUNT = 35_357;

  private static final Path FILE =
      Path.of("..", "shared", "data", "communes-france-2018.geojson.gz");
  private static final GeometryFactory GEOMETRY = new GeometryFactory();

  private Communes() {}

  /** Skips the test, with a message, where the file is missing. */
  public static void assumeThere() {
    assumeTrue(Files.exists(FILE), "the communes are not there: " + FILE);
  }

  /** The file as it is, packed. */
  public static Path file() {
    return FILE;
  }

  /** Gives each of them: the code as id, and the name. */
  public static void forEach(BiConsumer<Area, Geometry> consumer) {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(FILE), 1 << 16);
        JsonParser json = new JsonFactory().createParser(in)) {
      while (json.nextToken() != null) {
        if (json.currentToken() == JsonToken.FIELD_NAME && json.currentName().equals("features")) {
          json.nextToken();
          while (json.nextToken() != JsonToken.END_ARRAY) {
            feature(json, consumer);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void feature(JsonParser json, BiConsumer<Area, Geometry> consumer)
      throws IOException {
    String code = "";
    String name = "";
    Geometry outline = GEOMETRY.createPolygon();
    int depth = 1;
    while (depth > 0) {
      JsonToken token = json.nextToken();
      if (token == JsonToken.START_OBJECT) {
        depth++;
      } else if (token == JsonToken.END_OBJECT) {
        depth--;
      } else if (token == JsonToken.FIELD_NAME) {
        switch (json.currentName()) {
          case "code" -> code = json.nextTextValue();
          case "nom" -> name = json.nextTextValue();
          case "coordinates" -> outline = outline(json);
          default -> {}
        }
      }
    }
    consumer.accept(new Area(code, name, Map.of()), outline);
  }

  private static Geometry outline(JsonParser json) throws IOException {
    json.nextToken();
    List<Object> nested = array(json);
    boolean multi = ((List<?>) nested.getFirst()).getFirst() instanceof List;
    return multi
        ? GEOMETRY.createMultiPolygon(
            nested.stream().map(Communes::polygon).toArray(Polygon[]::new))
        : polygon(nested);
  }

  private static List<Object> array(JsonParser json) throws IOException {
    List<Object> values = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (json.currentToken() == JsonToken.START_ARRAY) {
        List<Object> inner = array(json);
        values.add(
            inner.getFirst() instanceof Double
                ? new Coordinate((Double) inner.get(0), (Double) inner.get(1))
                : inner);
      } else {
        values.add(json.getDoubleValue());
      }
    }
    return values;
  }

  private static Polygon polygon(Object rings) {
    List<LinearRing> all =
        ((List<?>) rings)
            .stream()
                .map(ring ->
                    GEOMETRY.createLinearRing(((List<?>) ring).stream().toArray(Coordinate[]::new)))
                .toList();
    return GEOMETRY.createPolygon(
        all.getFirst(), all.subList(1, all.size()).toArray(LinearRing[]::new));
  }
}
