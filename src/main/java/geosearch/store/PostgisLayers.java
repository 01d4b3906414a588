package geosearch.store;

import geosearch.config.LayerConfig;
import geosearch.geo.Layer;
import geosearch.store.PostgisTables.Imported;
import geosearch.store.PostgisTables.Kept;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What layers there are in PostGIS, whichever tables they come from, and their areas. */
final class PostgisLayers {

  private static final Logger log = LoggerFactory.getLogger(PostgisLayers.class);

  private final PostgisConnections connections;
  private final PostgisTables tables;
  private final UserTables userTables;
  private final TableFingerprints fingerprints;
  private final Set<String> told = ConcurrentHashMap.newKeySet();

  PostgisLayers(
      PostgisConnections connections,
      PostgisTables tables,
      UserTables userTables,
      TableFingerprints fingerprints) {
    this.connections = connections;
    this.tables = tables;
    this.userTables = userTables;
    this.fingerprints = fingerprints;
  }

  /** What there is at one moment. */
  private record Present(Kept kept, UserTables.Found found) {

    /** An import goes before a table. */
    Stream<TableLayer> tableLayers() {
      return found.layers().stream().filter(table -> kept.imported(table.layer().name()).isEmpty());
    }

    Optional<TableLayer> tableLayer(String layer) {
      return tableLayers().filter(table -> table.layer().name().equals(layer)).findFirst();
    }

    Stream<Map.Entry<LayerConfig, StoreException>> problems() {
      return found.problems().entrySet().stream()
          .filter(problem -> kept.imported(problem.getKey().name()).isEmpty());
    }

    /** What is imported or read from a table goes before a collection that lost its zones. */
    boolean isElsewhere(String collection) {
      return kept.imported(collection).isPresent()
          || found.layers().stream().anyMatch(table -> table.layer().name().equals(collection))
          || found.problems().keySet().stream().anyMatch(layer -> layer.name().equals(collection));
    }

    Stream<String> collections() {
      return kept.collections().keySet().stream()
          .filter(name -> !name.equals(Store.ZONE_LAYER) && !isElsewhere(name));
    }

    LayerState collection(String name) {
      PostgisTables.Collection collection = kept.collections().get(name);
      return new LayerState(
          new Layer(name, Layer.Kind.ZONES, false, "", "zones", "", 0),
          "zones",
          Optional.empty(),
          Optional.empty(),
          collection == null ? 0 : collection.revision());
    }

    LayerState imported(Imported imported) {
      return new LayerState(imported.layer(), imported.fingerprint(), Optional.empty());
    }

    LayerState table(TableLayer table, String fingerprint) {
      return new LayerState(
          table.layer(),
          fingerprint,
          Optional.ofNullable(kept.accepted().get(table.layer().name())));
    }

    /** The collection that has the original's rows too. */
    LayerState things(String fingerprintOfThings) {
      Optional<TableLayer> things = found.things();
      return new LayerState(
          new Layer(
              Store.ZONE_LAYER,
              Layer.Kind.ZONES,
              things.isPresent(),
              "",
              "zones" + things.map(table -> " and the " + table.relation()).orElse(""),
              "",
              0),
          "zones" + fingerprintOfThings,
          Optional.empty(),
          Optional.empty(),
          collection(Store.ZONE_LAYER).revision());
    }
  }

  private Present present(Connection connection, PostgisSite site) throws SQLException {
    Kept kept = site.own() ? tables.read(connection) : Kept.NOTHING;
    return new Present(kept, userTables.find(connection, site));
  }

  /** See {@link Store#layers}. */
  List<LayerState> states(PostgisSite site) {
    Present present = connections.readAccepted(connection -> present(connection, site));
    tellOfTablesLeftOut(present);
    List<LayerState> states = new ArrayList<>();
    present.kept().imported().forEach(imported -> states.add(present.imported(imported)));
    present
        .tableLayers()
        .forEach(table -> {
          try {
            states.add(present.table(table, fingerprints.current(table)));
          } catch (StoreException e) {
            states.add(unreadable(table.layer(), e));
          }
        });
    present
        .problems()
        .forEach(problem -> states.add(unreadable(layerOf(problem.getKey()), problem.getValue())));
    things(present, site).ifPresent(states::add);
    present.collections().forEach(name -> states.add(present.collection(name)));
    return states;
  }

  private Optional<LayerState> things(Present present, PostgisSite site) {
    Optional<TableLayer> things = present.found().things();
    if (!site.own() && things.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          present.things(things.map(table -> ":" + fingerprints.current(table)).orElse("")));
    } catch (StoreException e) {
      return Optional.of(unreadable(present.things("").layer(), e));
    }
  }

  private static LayerState unreadable(Layer layer, StoreException reason) {
    return new LayerState(
        layer, "unreadable", Optional.empty(), Optional.ofNullable(reason.getMessage()));
  }

  private static Layer layerOf(LayerConfig config) {
    return new Layer(
        config.name(),
        Layer.Kind.TABLE,
        false,
        "",
        "table " + config.table(),
        config.attribution(),
        config.accuracyMetres());
  }

  private void tellOfTablesLeftOut(Present present) {
    Set<String> imported =
        present.kept().imported().stream()
            .map(one -> one.layer().name())
            .collect(Collectors.toSet());
    for (TableLayer table : present.found().layers()) {
      String layer = table.layer().name();
      if (!imported.contains(layer)) {
        told.remove(layer);
      } else if (told.add(layer)) {
        log.info(
            "the layer {} is served as it was imported, not from the {}", layer, table.relation());
      }
    }
    for (Relation closed : present.found().closed()) {
      if (told.add(closed.toString())) {
        log.info("the {} is left out: the user may not read it", closed);
      }
    }
  }

  /** See {@link Store#read}. */
  LayerContent read(PostgisSite site, String layer, AreaSink sink) {
    return connections.stream(connection -> {
      Present present = present(connection, site);
      if (layer.equals(Store.ZONE_LAYER)) {
        return readThings(connection, present, site, sink);
      }
      if (present.collections().anyMatch(layer::equals)) {
        return new LayerContent(
            present.collection(layer),
            present.kept().revision(),
            AreaRows.read(connection, tables.zones(layer), sink));
      }
      Optional<Imported> imported = present.kept().imported(layer);
      if (imported.isPresent()) {
        return new LayerContent(
            present.imported(imported.get()),
            0,
            AreaRows.read(connection, tables.areas(imported.get().dataset()), sink));
      }
      TableLayer table = readable(present, layer);
      return new LayerContent(
          present.table(table, fingerprints.takeNow(connection, table)),
          0,
          AreaRows.read(connection, table.select(), sink));
    });
  }

  private LayerContent readThings(
      Connection connection, Present present, PostgisSite site, AreaSink sink) throws SQLException {
    List<String> selects = new ArrayList<>();
    if (site.own()) {
      selects.add(tables.zones(Store.ZONE_LAYER));
    }
    String fingerprint = "";
    if (present.found().things().isPresent()) {
      TableLayer things = present.found().things().get();
      selects.add("SELECT *, NULL::bigint, NULL::bigint FROM (" + things.select() + ") AS things");
      fingerprint = ":" + fingerprints.takeNow(connection, things);
    }
    if (selects.isEmpty()) {
      throw Refusals.noSuchLayer(Store.ZONE_LAYER);
    }
    return new LayerContent(
        present.things(fingerprint),
        present.kept().revision(),
        AreaRows.read(connection, String.join(" UNION ALL ", selects), sink));
  }

  private static TableLayer readable(Present present, String layer) {
    return present
        .tableLayer(layer)
        .orElseThrow(() ->
            present
                .problems()
                .filter(problem -> problem.getKey().name().equals(layer))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseGet(() -> Refusals.noSuchLayer(layer)));
  }

  /** The fingerprint of a table's present state, whatever it costs. */
  String fingerprint(PostgisSite site, String layer) {
    return connections.stream(connection -> {
      TableLayer table =
          present(connection, site)
              .tableLayer(layer)
              .orElseThrow(() -> Refusals.notFromTable(layer));
      return fingerprints.takeNow(connection, table);
    });
  }

  /** Whether a layer of that name is one whose areas are no zones. */
  boolean isElsewhere(Connection connection, PostgisSite site, String collection)
      throws SQLException {
    return present(connection, site).isElsewhere(collection);
  }

  /** The original's zones, as {@link AreaRows} reads them; nothing where they are not there. */
  Optional<TableLayer> things(Connection connection, PostgisSite site) throws SQLException {
    return userTables.find(connection, site).things();
  }
}
