package geosearch.load;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.EOFException;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.ZipException;

/**
 * Reads the features of one file one by one: of a FeatureCollection, of Features one after another
 * (a line each, or with the record separators of RFC 8142), or a single Feature.
 */
final class FeatureReader implements AutoCloseable {

  private static final int MAX_DEPTH = 100;
  private static final int MAX_NAME_LENGTH = 10_000;
  private static final int MAX_STRING_LENGTH = 1 << 20;

  private final String source;
  private final FileText file;
  private final JsonParser parser;
  private final FeatureParser feature;
  private long features;
  private boolean inFeatures;
  private boolean featuresSeen;
  private boolean collectionEnded;

  /** The type of the object at the top, if it came before its features. */
  private String topType = "";

  /**
   * @param source the file's name
   * @param file closed with this
   */
  FeatureReader(String source, FileText file, ImportRequest request, ImportLimits limits)
      throws IOException {
    this.source = source;
    this.file = file;
    JsonFactory json =
        JsonFactory.builder()
            .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
            .disable(StreamReadFeature.AUTO_CLOSE_SOURCE) // what follows the text is still read
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNameLength(MAX_NAME_LENGTH)
                    .maxStringLength(Math.max(MAX_STRING_LENGTH, limits.maxAttributeBytes() + 1))
                    .build())
            .build();
    this.parser = json.createParser(file.text());
    this.feature = new FeatureParser(request, limits, json);
  }

  /** How many features have been read. */
  long features() {
    return features;
  }

  /** Whether any feature so far has had the property with the name. */
  boolean nameSeen() {
    return feature.nameSeen();
  }

  /**
   * Reads the next feature.
   *
   * @return nothing once the file has been read to its end
   * @throws FileRefusedException if the file as a whole can't be used; the message says where
   * @throws IOException if it could not be read
   */
  Optional<Feature> next() throws IOException {
    try {
      Optional<Feature> next = inFeatures ? nextInCollection() : nextAtTop();
      if (next.isEmpty()) {
        file.finish();
      }
      return next;
    } catch (FileRefusedException e) {
      throw e;
    } catch (JsonEOFException | EOFException e) {
      throw cutOff(e);
    } catch (ZipException e) {
      throw new FileRefusedException(
          "what is packed in it is damaged (%s), noticed at %s".formatted(e.getMessage(), where()),
          e);
    } catch (StreamConstraintsException e) {
      throw new FileRefusedException(
          "it holds a number, a text or a name that is too long, or is nested more than %d deep, at %s"
              .formatted(MAX_DEPTH, where()),
          e);
    } catch (JsonParseException e) {
      if (e.getOriginalMessage().startsWith("Unexpected end-of-input")) {
        throw cutOff(e);
      }
      throw new FileRefusedException(notJson(e.getOriginalMessage()), e);
    }
  }

  private FileRefusedException cutOff(IOException e) {
    return new FileRefusedException("it is cut off: it ends in the middle of " + where(), e);
  }

  @Override
  public void close() throws IOException {
    try (file) {
      parser.close();
    }
  }

  private String notJson(String message) {
    if (message.startsWith("Invalid UTF-8")) {
      return "it is not UTF-8 at %s; if it is Latin-1: iconv -f ISO-8859-1 -t UTF-8"
          .formatted(where());
    }
    String first = message.lines().findFirst().orElse("").replaceFirst(" \\(.*", "");
    return "it is not JSON at %s: %s".formatted(where(), first);
  }

  private String where() {
    long offset = parser.currentLocation().getByteOffset() + file.skippedMark();
    return String.format(Locale.ROOT, "feature %d (byte %,d of the text)", features + 1, offset);
  }

  private Optional<Feature> nextInCollection() throws IOException {
    JsonToken token = parser.nextToken();
    if (token == JsonToken.END_ARRAY) {
      inFeatures = false;
      feature.begin();
      return topMembers();
    }
    feature.begin();
    if (token == JsonToken.START_OBJECT) {
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        feature.member(parser, parser.currentName());
      }
    } else {
      parser.skipChildren();
    }
    return Optional.of(feature.end(source, ++features));
  }

  /** Between two values at the top of the file. */
  private Optional<Feature> nextAtTop() throws IOException {
    JsonToken token = parser.nextToken();
    if (token == null) {
      if (features == 0 && !collectionEnded) {
        throw new FileRefusedException("it is empty");
      }
      return Optional.empty();
    }
    if (collectionEnded) {
      throw new FileRefusedException("there is more after the end of its FeatureCollection");
    }
    if (token != JsonToken.START_OBJECT) {
      throw new FileRefusedException("it is not GeoJSON at %s: no object".formatted(where()));
    }
    feature.begin();
    topType = "";
    return topMembers();
  }

  /** Reads on among the members of an object at the top of the file. */
  private Optional<Feature> topMembers() throws IOException {
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String member = parser.currentName();
      if (member.equals("features")) {
        enterFeatures();
        return nextInCollection();
      }
      feature.member(parser, member);
    }
    return endOfTop();
  }

  private void enterFeatures() throws IOException {
    if (featuresSeen) {
      throw new FileRefusedException("it has more than one member 'features'");
    }
    if (parser.nextToken() != JsonToken.START_ARRAY) {
      throw new FileRefusedException("its member 'features' is no array");
    }
    featuresSeen = true;
    inFeatures = true;
    topType = feature.type();
  }

  private Optional<Feature> endOfTop() throws IOException {
    String type = topType.isEmpty() ? feature.type() : topType;
    if (featuresSeen && type.equals("FeatureCollection")) {
      collectionEnded = true;
      return nextAtTop();
    }
    if (!featuresSeen && type.equals("Feature")) {
      return Optional.of(feature.end(source, ++features));
    }
    throw new FileRefusedException(
        switch (type) {
          case "FeatureCollection" -> "its FeatureCollection has no member 'features'";
          case "Topology" -> "it is TopoJSON, not GeoJSON; convert it first";
          case "" -> "it is JSON, but not GeoJSON: it has no type";
          default -> "it is neither a FeatureCollection nor Features, but a " + Quoted.of(type);
        });
  }
}
