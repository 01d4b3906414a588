package geosearch.config;

import java.util.List;
import java.util.regex.Pattern;

/**
 * A layer in the order of answers and, where it names a table, where to read it.
 *
 * @param name of the layer
 * @param table {@code table} or {@code schema.table}; empty for an imported layer
 * @param id column with the id
 * @param label column with the name; may be empty
 * @param geometry column with the outline; empty means the table's only one
 * @param attributes further columns
 * @param attribution whom to credit; may be empty
 * @param accuracyMetres how far outlines may be off, in metres
 */
public record LayerConfig(
    String name,
    String table,
    String id,
    String label,
    String geometry,
    List<String> attributes,
    String attribution,
    double accuracyMetres) {

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_-]{0,62}");

  /**
   * @throws ConfigException for a name that is none, and for columns without a table
   */
  public LayerConfig {
    attributes = List.copyOf(attributes);
    Check check =
        new Check("layers." + name)
            .matches("name", name, NAME, "1 to 63 of a-z, 0-9, _ and -, beginning with a letter")
            .that(
                accuracyMetres >= 0 && accuracyMetres <= 100_000,
                "accuracy-metres",
                "must be from 0 to 100000, not " + accuracyMetres);
    if (table.isEmpty()) {
      String without = "needs the table that it is a column of";
      check
          .that(id.isEmpty(), "id", without)
          .that(label.isEmpty(), "label", without)
          .that(geometry.isEmpty(), "geometry", without)
          .that(attributes.isEmpty(), "attributes", without);
    } else {
      check.that(!id.isEmpty(), "id", "must name the column of " + table + " that holds the id");
    }
    check.end();
  }
}
