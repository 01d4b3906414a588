package geosearch.load;

import java.util.List;

/**
 * What to import, and how.
 *
 * @param source the file or address, for people; its ending tells the format
 * @param layer the layer's name: 1 to 63 characters of a-z 0-9 _ -, beginning with a letter
 * @param idProperty the property with the id; empty means the feature's own member {@code id}
 * @param nameProperty the property with the name; empty means no names
 * @param attributes the properties to keep as attributes
 * @param attribution whom to credit; may be empty
 * @param accuracyMetres how far outlines may be off, in metres; 0 where nobody said
 * @param repair whether broken outlines are repaired; if not, they are bad features
 * @param skipBad whether features that can't be used are left out; if not, they end the import
 * @param force whether the layer may lose more than half of its areas
 */
public record ImportRequest(
    String source,
    String layer,
    String idProperty,
    String nameProperty,
    List<String> attributes,
    String attribution,
    double accuracyMetres,
    boolean repair,
    boolean skipBad,
    boolean force) {}
