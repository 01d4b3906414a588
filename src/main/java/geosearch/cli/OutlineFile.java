package geosearch.cli;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads the outline of a zone from a GeoJSON file. */
final class OutlineFile {

  /** More than any server takes (setting zones.max-outline-bytes). */
  private static final int MAX_BYTES = 64 << 20;

  /** Numbers stay as they are written. */
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private OutlineFile() {}

  /**
   * The geometry in a file that holds a geometry, a feature, or a collection of one feature.
   *
   * @param argument a path, or {@code -} for standard input
   * @return the geometry as GeoJSON
   * @throws CommandException if there is none
   */
  static String read(String argument, InputStream standardInput) throws IOException {
    if (argument.equals("-")) {
      return geometry(standardInput, "standard input");
    }
    try (InputStream file = Files.newInputStream(Path.of(argument))) {
      return geometry(file, argument);
    }
  }

  private static String geometry(InputStream in, String name) throws IOException {
    byte[] bytes = in.readNBytes(MAX_BYTES + 1);
    if (bytes.length > MAX_BYTES) {
      throw bad(name, "is larger than 64 MiB");
    }
    JsonNode json;
    try {
      json = MAPPER.readTree(bytes);
    } catch (JacksonException e) {
      throw bad(name, "is not JSON (line " + e.getLocation().getLineNr() + ")");
    }
    JsonNode features = json.path("features");
    if (features.isArray()) {
      if (features.size() != 1) {
        throw bad(name, "holds " + features.size() + " features; a zone has one outline");
      }
      json = features.get(0);
    }
    JsonNode geometry = json.path("type").asText().equals("Feature") ? json.path("geometry") : json;
    if (!geometry.isObject()) {
      throw bad(name, "holds no GeoJSON geometry");
    }
    return geometry.toString();
  }

  private static CommandException bad(String name, String reason) {
    return new CommandException(ExitCode.FAILED, name + " " + reason);
  }
}
