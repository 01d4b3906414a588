package geosearch.store;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** An area's attributes as the JSON object in which both stores keep them. */
final class AttributesJson {

  private static final JsonFactory JSON = new JsonFactory();
  private static final String NONE = "{}";
  private static final String NOT_FLAT =
      "the attributes of an area in the store are not a flat JSON object";

  private AttributesJson() {}

  /** In the order of their names, so that the same attributes are always the same text. */
  static String write(Map<String, String> attributes) {
    if (attributes.isEmpty()) {
      return NONE;
    }
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      for (Map.Entry<String, String> attribute : new TreeMap<>(attributes).entrySet()) {
        json.writeStringField(attribute.getKey(), attribute.getValue());
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  /**
   * Members that are null are left out; other values that are no texts are taken as they are
   * written.
   *
   * @throws StoreException of kind CORRUPT for anything but a flat JSON object
   */
  static Map<String, String> read(String text) {
    if (text.equals(NONE)) {
      return Map.of();
    }
    Map<String, String> attributes = new HashMap<>();
    try (JsonParser json = JSON.createParser(text)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw notFlat();
      }
      while (json.nextToken() != JsonToken.END_OBJECT) {
        String name = json.currentName();
        JsonToken value = json.nextToken();
        if (!value.isScalarValue()) {
          throw notFlat();
        }
        if (value != JsonToken.VALUE_NULL) {
          attributes.put(name, json.getText());
        }
      }
    } catch (IOException e) {
      throw new StoreException(StoreException.Kind.CORRUPT, NOT_FLAT, e);
    }
    return attributes;
  }

  private static StoreException notFlat() {
    return new StoreException(StoreException.Kind.CORRUPT, NOT_FLAT);
  }
}
