package geosearch.store;

import geosearch.config.LayerConfig;
import geosearch.store.StoreException.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The tables and views that are read in place: those of the settings, and the original's own where
 * the settings say nothing of them.
 */
final class UserTables {

  private final List<LayerConfig> configured;
  private final boolean findCommunes;
  private final String ourSchema;

  /**
   * What is there of them now.
   *
   * @param layers those that can be read
   * @param problems the layers of the settings that can't, and why
   * @param things the original's zones
   * @param closed tables of the original's names that may not be read: they may be somebody else's,
   *     so they are left out
   */
  record Found(
      List<TableLayer> layers,
      Map<LayerConfig, StoreException> problems,
      Optional<TableLayer> things,
      List<Relation> closed) {}

  /**
   * @throws IllegalArgumentException if the settings name a table for the layer of the zones
   */
  UserTables(List<LayerConfig> layers, String ourSchema) {
    this.configured = layers.stream().filter(layer -> !layer.table().isEmpty()).toList();
    this.findCommunes =
        configured.stream().noneMatch(layer -> layer.name().equals(TableLayer.COMMUNES.name()));
    this.ourSchema = ourSchema;
    if (configured.stream().anyMatch(layer -> layer.name().equals(Store.ZONE_LAYER))) {
      throw new IllegalArgumentException(
          "the layer "
              + Store.ZONE_LAYER
              + " holds the zones; give the table's layer another name");
    }
  }

  /** Looks for them. */
  Found find(Connection connection, PostgisSite site) throws SQLException {
    List<TableName> names = new ArrayList<>();
    for (LayerConfig layer : configured) {
      names.add(TableName.parse(layer.table()));
    }
    TableName communes = TableName.parse(TableLayer.COMMUNES.table());
    TableName things = TableName.parse(TableLayer.THINGS.table());
    names.add(communes);
    names.add(things);
    Map<TableName, Relation> relations =
        Catalog.find(connection, names.stream().distinct().toList(), ourSchema);

    List<TableLayer> layers = new ArrayList<>();
    Map<LayerConfig, StoreException> problems = new LinkedHashMap<>();
    for (LayerConfig layer : configured) {
      try {
        layers.add(configured(layer, relations, site));
      } catch (StoreException e) {
        problems.put(layer, e);
      }
    }
    List<Relation> closed = new ArrayList<>();
    if (findCommunes) {
      original(relations.get(communes), closed)
          .flatMap(relation -> TableLayer.originalCommunes(relation, site, ourSchema))
          .ifPresent(layers::add);
    }
    Optional<TableLayer> original =
        original(relations.get(things), closed)
            .flatMap(relation -> TableLayer.originalThings(relation, site, ourSchema));
    return new Found(layers, problems, original, closed);
  }

  private static Optional<Relation> original(@Nullable Relation relation, List<Relation> closed) {
    if (relation != null && !relation.readable()) {
      closed.add(relation);
      return Optional.empty();
    }
    return Optional.ofNullable(relation);
  }

  private TableLayer configured(
      LayerConfig layer, Map<TableName, Relation> relations, PostgisSite site) {
    Relation relation = relations.get(TableName.parse(layer.table()));
    if (relation == null) {
      throw new StoreException(
          Kind.NOT_FOUND,
          "the layer %s can't be read: there is no table or view %s"
              .formatted(layer.name(), layer.table()));
    }
    return TableLayer.of(layer, relation, site, ourSchema);
  }
}
