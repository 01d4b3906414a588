package geosearch.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a GeoJSON feature says of an area: in {@code properties} its {@code name} and its
 * attributes; where an attribute is called so, the area's own name in a member {@code area}. {@code
 * import --name name --attributes '*'} makes the same area of it.
 */
final class AreaFeature {

  private static final String NAME = "name";

  private AreaFeature() {}

  /** Writes the members that say it. */
  static void writeProperties(String name, Map<String, String> attributes, JsonGenerator out)
      throws IOException {
    boolean hidden = attributes.containsKey(NAME);
    out.writeObjectFieldStart("properties");
    if (!hidden) {
      // One that is empty too: an import wants to see the property that it was told of.
      out.writeStringField(NAME, name);
    }
    for (Map.Entry<String, String> each : new TreeMap<>(attributes).entrySet()) {
      out.writeStringField(each.getKey(), each.getValue());
    }
    out.writeEndObject();
    if (hidden) {
      out.writeObjectFieldStart("area");
      out.writeStringField(NAME, name);
      out.writeEndObject();
    }
  }
}
