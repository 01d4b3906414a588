package geosearch.load;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the id, the name and the attributes of one feature after another.
 *
 * <p>Ids and names may be text or numbers. A number is kept as the file writes it, so that 1 and
 * 1.0 are two ids; white space around text is stripped. Attributes may be anything: numbers and
 * booleans as the file writes them, objects and arrays as compact JSON; null is as good as absent.
 *
 * <p>Where {@code name} is the property with the name, a feature may have another property of that
 * name: then its own name is in a member {@code area} beside them, as the command {@code export}
 * writes it.
 */
final class PropertiesParser {

  private static final String OWN_NAME = "name";
  private static final int MAX_ID = 250;
  private static final int MAX_NAME = 1000;
  private static final int SHOWN_PROPERTIES = 20;

  private final String idProperty;
  private final String nameProperty;
  private final boolean allWanted;
  private final Set<String> wanted;
  private final int maxAttributeBytes;
  private final JsonFactory json;

  private final Map<String, String> attributes = new HashMap<>();
  private final List<String> properties = new ArrayList<>();
  private String id = "";
  private Name name = Name.NONE;
  private Optional<Name> ownName = Optional.empty();
  private Optional<String> idProblem = Optional.empty();
  private Optional<String> problem = Optional.empty();
  private long attributeBytes;
  private boolean nameSeen;

  /**
   * A name as it was read.
   *
   * @param problem why it can't be used, if so
   */
  private record Name(String text, Optional<String> problem) {
    static final Name NONE = new Name("", Optional.empty());
  }

  /**
   * @param json to write objects and arrays with
   */
  PropertiesParser(ImportRequest request, int maxAttributeBytes, JsonFactory json) {
    this.idProperty = request.idProperty();
    this.nameProperty = request.nameProperty();
    this.wanted = Set.copyOf(request.attributes());
    this.allWanted = wanted.contains(ImportRequest.ALL_ATTRIBUTES);
    this.maxAttributeBytes = maxAttributeBytes;
    this.json = json;
  }

  /** Forgets the feature before. */
  void reset() {
    attributes.clear();
    properties.clear();
    id = "";
    name = Name.NONE;
    ownName = Optional.empty();
    idProblem = Optional.empty();
    problem = Optional.empty();
    attributeBytes = 0;
  }

  String id() {
    return id;
  }

  String name() {
    return ownName.orElse(name).text();
  }

  Map<String, String> attributes() {
    if (allWanted && !nameProperty.isEmpty() && ownName.isEmpty()) {
      attributes.remove(nameProperty);
    }
    return attributes;
  }

  /** Whether any feature so far has had the property with the name. */
  boolean nameSeen() {
    return nameSeen;
  }

  /** Why the feature can't be used, or nothing if it can. */
  Optional<String> problem() {
    if (idProblem.isPresent()) {
      return idProblem;
    }
    return id.isEmpty() ? Optional.of(noId()) : problem.or(ownName.orElse(name)::problem);
  }

  private String noId() {
    String has = properties.isEmpty() ? "none" : String.join(", ", properties);
    return idProperty.isEmpty()
        ? "no id: the feature has no member 'id' (--id names a property; it has: " + has + ")"
        : "no id: there is no property %s (it has: %s)".formatted(Quoted.of(idProperty), has);
  }

  /** Reads the feature's own member {@code id}, before whose value the parser stands. */
  void readOwnId(JsonParser parser) throws IOException {
    JsonToken token = parser.nextToken();
    if (idProperty.isEmpty()) {
      readId(parser, token, "the member 'id'");
    } else {
      parser.skipChildren();
    }
  }

  /** Reads the feature's own member {@code area}, before whose value the parser stands. */
  void readOwnName(JsonParser parser) throws IOException {
    JsonToken token = parser.nextToken();
    if (token != JsonToken.START_OBJECT || !nameProperty.equals(OWN_NAME)) {
      parser.skipChildren();
      return;
    }
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      boolean isName = parser.currentName().equals(OWN_NAME);
      JsonToken value = parser.nextToken();
      if (isName && value == JsonToken.VALUE_STRING) {
        nameSeen = true;
        ownName = Optional.of(readName(parser, value));
      }
      parser.skipChildren();
    }
  }

  /** Reads the member {@code properties}, before whose value the parser stands. */
  void read(JsonParser parser) throws IOException {
    JsonToken token = parser.nextToken();
    if (token != JsonToken.START_OBJECT) {
      parser.skipChildren();
      return;
    }
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      property(parser, parser.currentName());
    }
  }

  private void property(JsonParser parser, String property) throws IOException {
    if (properties.size() < SHOWN_PROPERTIES) {
      properties.add(property);
    }
    JsonToken token = parser.nextToken();
    boolean isId = property.equals(idProperty) && !idProperty.isEmpty();
    boolean isName = property.equals(nameProperty) && !nameProperty.isEmpty();
    // Whether the one with the name is an attribute is known at the feature's end.
    boolean isAttribute = allWanted ? !isId : wanted.contains(property);
    if (isId) {
      readId(parser, token, "the property " + Quoted.of(idProperty));
    }
    if (isName) {
      nameSeen = true;
      name = readName(parser, token);
    }
    if (isAttribute) {
      readAttribute(parser, token, property);
    } else {
      parser.skipChildren();
    }
  }

  private void readId(JsonParser parser, JsonToken token, String where) throws IOException {
    id = "";
    idProblem = Optional.empty();
    if (token == JsonToken.VALUE_STRING || token.isNumeric()) {
      id = parser.getText().strip();
      if (id.isEmpty()) {
        idProblem = Optional.of("no id: %s is empty".formatted(where));
      } else if (id.length() > MAX_ID) {
        idProblem =
            Optional.of("its id has more than %d characters: %s".formatted(MAX_ID, Quoted.of(id)));
      } else {
        idProblem = notText("its id", id);
      }
    } else {
      idProblem = Optional.of("no id: %s is %s".formatted(where, kind(token)));
    }
  }

  private static Name readName(JsonParser parser, JsonToken token) throws IOException {
    if (token.isStructStart()) {
      return new Name("", Optional.of("its name is %s, not text".formatted(kind(token))));
    }
    if (token == JsonToken.VALUE_NULL) {
      return Name.NONE;
    }
    String text = parser.getText().strip();
    return new Name(
        text,
        text.length() > MAX_NAME
            ? Optional.of("its name has more than %d characters".formatted(MAX_NAME))
            : notText("its name", text));
  }

  private void readAttribute(JsonParser parser, JsonToken token, String property)
      throws IOException {
    if (token == JsonToken.VALUE_NULL) {
      return;
    }
    String value;
    if (token.isStructStart()) {
      BoundedText text = new BoundedText(maxAttributeBytes);
      writeCompact(parser, text);
      if (text.exceeded()) {
        tooLarge();
        return;
      }
      value = text.toString();
    } else {
      value = parser.getText();
    }
    attributeBytes += utf8Length(property) + utf8Length(value);
    if (attributeBytes > maxAttributeBytes) {
      tooLarge();
    } else {
      attributes.put(property, value);
      notText("its property " + Quoted.of(property), value)
          .ifPresent(why -> problem = Optional.of(why));
    }
  }

  private void tooLarge() {
    attributes.clear();
    problem =
        Optional.of(
            "its attributes have more than %d bytes (setting import.max-attribute-bytes)"
                .formatted(maxAttributeBytes));
  }

  private void writeCompact(JsonParser parser, BoundedText text) throws IOException {
    try (JsonGenerator generator = json.createGenerator(text)) {
      int depth = 0;
      JsonToken token = parser.currentToken();
      while (true) {
        if (token.isNumeric()) {
          generator.writeNumber(parser.getText());
        } else {
          generator.copyCurrentEvent(parser);
        }
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        if (depth == 0) {
          return;
        }
        token = parser.nextToken();
      }
    }
  }

  /** What keeps text out of every database: the character 0, and halves of characters. */
  private static Optional<String> notText(String what, String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0) {
        return Optional.of(what + " has a character U+0000");
      }
      if (Character.isSurrogate(c)) {
        if (!Character.isHighSurrogate(c)
            || i + 1 == text.length()
            || !Character.isLowSurrogate(text.charAt(i + 1))) {
          return Optional.of(what + " has half a character (a lone surrogate)");
        }
        i++;
      }
    }
    return Optional.empty();
  }

  private static int utf8Length(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static String kind(JsonToken token) {
    return switch (token) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "an array";
      case VALUE_TRUE, VALUE_FALSE -> "a boolean";
      case VALUE_STRING -> "a text";
      case VALUE_NULL -> "null";
      default -> "a number";
    };
  }
}
