package geosearch.config;

import java.util.List;

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
    double accuracyMetres) {}
