package geosearch.cli;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import geosearch.v1.Zone;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads the zones of a GeoJSON file, one feature at a time. */
final class ZoneFile {

  /** Numbers stay as they are written. */
  static final JsonMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private ZoneFile() {}

  /**
   * The zones of a FeatureCollection by their ids, in the order of the file.
   *
   * @param argument a path, or {@code -} for standard input
   * @throws CommandException for a file that is none, and for an id that is there twice
   */
  static Map<String, Zone> read(String argument, String collection, InputStream standardInput)
      throws IOException {
    if (argument.equals("-")) {
      return read(standardInput, "standard input", collection);
    }
    try (InputStream file = Files.newInputStream(Path.of(argument))) {
      return read(file, argument, collection);
    }
  }

  private static Map<String, Zone> read(InputStream in, String name, String collection)
      throws IOException {
    Map<String, Zone> zones = new LinkedHashMap<>();
    try (JsonParser json = MAPPER.createParser(in)) {
      findFeatures(json, name);
      for (int number = 1; json.nextToken() == JsonToken.START_OBJECT; number++) {
        JsonNode feature = json.readValueAsTree();
        Zone zone = ZoneFeature.read(feature, collection, number);
        if (zones.put(zone.getId(), zone) != null) {
          throw new CommandException(
              ExitCode.FAILED, name + " has two features of the id " + zone.getId());
        }
      }
    } catch (JacksonException e) {
      throw new CommandException(
          ExitCode.FAILED, name + " is not JSON (line " + e.getLocation().getLineNr() + ")");
    }
    return zones;
  }

  private static void findFeatures(JsonParser json, String name) throws IOException {
    if (json.nextToken() == JsonToken.START_OBJECT) {
      for (String member = json.nextFieldName(); member != null; member = json.nextFieldName()) {
        if (json.nextToken() == JsonToken.START_ARRAY && member.equals("features")) {
          return;
        }
        json.skipChildren();
      }
    }
    throw new CommandException(
        ExitCode.FAILED, name + " is no GeoJSON FeatureCollection: it has no `features`");
  }
}
