package geosearch.load;

import java.util.List;

/**
 * What to import as, and how. The files themselves are {@link ImportSource}s.
 *
 * @param layer the layer's name, as {@link LayerName} has it
 * @param idProperty the property with the id; empty means the feature's own member {@code id}
 * @param nameProperty the property with the name; empty means no names
 * @param attributes the properties to keep as attributes; {@link #ALL_ATTRIBUTES} among them means
 *     all but those with the id and the name
 * @param attribution whom to credit; may be empty, at most 1,000 characters
 * @param accuracyMetres how far outlines may be off, in metres; 0 where nobody said
 * @param repair whether broken outlines are repaired; if not, they are bad features
 * @param skipBad whether features that can't be used are left out; if not, they end the import
 * @param force whether the layer may lose more than half of its areas
 */
public record ImportRequest(
    String layer,
    String idProperty,
    String nameProperty,
    List<String> attributes,
    String attribution,
    double accuracyMetres,
    boolean repair,
    boolean skipBad,
    boolean force) {

  /** Stands for every attribute. */
  public static final String ALL_ATTRIBUTES = "*";

  private static final int MAX_ATTRIBUTION = 1000;

  /**
   * @throws IllegalArgumentException for a value out of its bounds; the message names both
   */
  public ImportRequest {
    LayerName.check(layer);
    attributes = List.copyOf(attributes);
    if (attributes.stream().anyMatch(String::isEmpty)) {
      throw new IllegalArgumentException("the name of an attribute must not be empty");
    }
    if (attribution.length() > MAX_ATTRIBUTION) {
      throw new IllegalArgumentException(
          "the attribution must have at most %d characters, not %d"
              .formatted(MAX_ATTRIBUTION, attribution.length()));
    }
    if (!(accuracyMetres >= 0 && accuracyMetres <= Double.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "the accuracy must be a number of metres from 0 on, not " + accuracyMetres);
    }
  }
}
