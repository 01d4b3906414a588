package geosearch.geo;

import java.util.List;

/**
 * What is known of a layer besides its areas.
 *
 * @param name unique
 * @param kind where its areas come from
 * @param original whether it is read from the original system's own tables, whose callers send the
 *     longitude in the field `lat`
 * @param version what tells one state of its data from another, for people: `3` for an imported
 *     dataset, empty where the source has no versions
 * @param source what it was read from, for people
 * @param attribution whom to credit; may be empty
 * @param accuracyMetres how far its outlines may be off, in metres; 0 where nobody said
 * @param versions those that can be read from its source, this one included, the newest first;
 *     empty where it has none
 */
public record Layer(
    String name,
    Kind kind,
    boolean original,
    String version,
    String source,
    String attribution,
    double accuracyMetres,
    List<String> versions) {

  public Layer {
    versions = List.copyOf(versions);
  }

  /** A layer without versions, or of which no other is kept. */
  public Layer(
      String name,
      Kind kind,
      boolean original,
      String version,
      String source,
      String attribution,
      double accuracyMetres) {
    this(
        name,
        kind,
        original,
        version,
        source,
        attribution,
        accuracyMetres,
        version.isEmpty() ? List.of() : List.of(version));
  }

  /** Where a layer's areas come from. */
  public enum Kind {
    /** A file that was imported; it has versions. */
    DATASET,
    /** A table or view of the user's, read in place. */
    TABLE,
    /** Zones that users keep. */
    ZONES
  }
}
