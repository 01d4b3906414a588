package geosearch.store;

import geosearch.config.LayerConfig;
import geosearch.geo.Layer;
import geosearch.store.Relation.Column;
import geosearch.store.StoreException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A table or view that is read in place as a layer: the SQL that reads it, and the SQL that tells
 * whether it has changed.
 *
 * @param layer what is known of it
 * @param relation the table
 * @param select gives its rows in the columns that {@link AreaRows} reads
 * @param change gives one text that differs whenever the rows do
 */
record TableLayer(Layer layer, Relation relation, String select, String change) {

  private static final String ORIGINAL_COMMUNES = "ogrgeojson";
  private static final String ORIGINAL_THINGS = "thing";

  /** The layer as which the original's communes are served where the settings say nothing. */
  static final LayerConfig COMMUNES =
      new LayerConfig(
          "commune", ORIGINAL_COMMUNES, "insee", "nom", "", List.of("wikipedia", "surf_ha"), "", 0);

  /** The original's zones. */
  static final LayerConfig THINGS =
      new LayerConfig(Store.ZONE_LAYER, ORIGINAL_THINGS, "id", "name", "geom", List.of(), "", 0);

  /**
   * @throws StoreException of kind CORRUPT if a column is not there; it names the table, the column
   *     and those that are there
   */
  static TableLayer of(LayerConfig config, Relation relation, PostgisSite site, String ourSchema) {
    return of(config, relation, site, ourSchema, "");
  }

  /** The original's communes; nothing if the table of that name is another one. */
  static Optional<TableLayer> originalCommunes(
      Relation relation, PostgisSite site, String ourSchema) {
    List<Column> spatial = relation.columns().stream().filter(Column::isSpatial).toList();
    Optional<Column> outline =
        relation
            .column("wkb_geometry")
            .filter(Column::isSpatial)
            .or(() -> spatial.size() == 1 ? Optional.of(spatial.getFirst()) : Optional.empty());
    if (relation.column(COMMUNES.id()).isEmpty() || outline.isEmpty()) {
      return Optional.empty();
    }
    LayerConfig there =
        new LayerConfig(
            COMMUNES.name(),
            COMMUNES.table(),
            COMMUNES.id(),
            relation.column(COMMUNES.label()).map(Column::name).orElse(""),
            outline.get().name(),
            COMMUNES.attributes().stream()
                .filter(attribute -> relation.column(attribute).isPresent())
                .toList(),
            "",
            0);
    return Optional.of(of(there, relation, site, ourSchema));
  }

  /** The original's zones; nothing if the table of that name is another one. */
  static Optional<TableLayer> originalThings(
      Relation relation, PostgisSite site, String ourSchema) {
    boolean itself =
        relation.column(THINGS.id()).isPresent()
            && relation.column(THINGS.label()).isPresent()
            && relation.column(THINGS.geometry()).filter(Column::isSpatial).isPresent();
    return itself
        ? Optional.of(of(THINGS, relation, site, ourSchema, Zones.ORIGINAL_ID_PREFIX))
        : Optional.empty();
  }

  private static TableLayer of(
      LayerConfig config, Relation relation, PostgisSite site, String ourSchema, String idPrefix) {
    String id = required(config, relation, "id", config.id()) + "::text";
    String label =
        config.label().isEmpty()
            ? "''"
            : "coalesce(" + required(config, relation, "label", config.label()) + "::text, '')";
    List<String> attributes = new ArrayList<>();
    for (String attribute : config.attributes()) {
      attributes.add(required(config, relation, "attributes", attribute) + "::text");
    }
    String outline = outline(config, relation, site);
    String select =
        "SELECT %s%s, %s, 0, %s, %s, %s FROM %s"
            .formatted(
                idPrefix.isEmpty() ? "" : TableName.literal(idPrefix) + " || ",
                id,
                label,
                json(config.attributes(), attributes),
                inWgs84(outline, site, ourSchema),
                site.postgis() + ".ST_SRID(" + outline + ")",
                relation.sql());
    return new TableLayer(
        new Layer(
            config.name(),
            Layer.Kind.TABLE,
            relation.name().equals(ORIGINAL_COMMUNES),
            "",
            relation.toString(),
            config.attribution(),
            config.accuracyMetres()),
        relation,
        select,
        change(relation, select, id, label, attributes, outline));
  }

  private static String json(List<String> names, List<String> values) {
    return names.isEmpty()
        ? "'{}'"
        : "json_object(ARRAY[%s], ARRAY[%s])::text"
            .formatted(
                names.stream().map(TableName::literal).collect(Collectors.joining(", ")),
                String.join(", ", values));
  }

  /**
   * A row's place and the transaction that wrote it tell of every change without reading the
   * outlines; where rows have none, everything that is read counts. What is selected counts as
   * well: a column may have become another one.
   */
  private static String change(
      Relation relation,
      String select,
      String id,
      String label,
      List<String> attributes,
      String outline) {
    String hash =
        relation.physical()
            ? "hashtextextended(ctid::text || xmin::text, tableoid::bigint)"
            : "hashtextextended(row(%s)::text, coalesce(hashtextextended(encode(%s::bytea, 'base64'), 0), 0))"
                .formatted(String.join(", ", columns(id, label, attributes)), outline);
    return "SELECT %s || count(*) || ':' || coalesce(sum(%s), 0) FROM %s"
        .formatted(
            TableName.literal(relation.oid() + ":" + Integer.toHexString(select.hashCode()) + ":"),
            hash,
            relation.sql());
  }

  private static List<String> columns(String id, String label, List<String> attributes) {
    List<String> columns = new ArrayList<>(List.of(id, label));
    columns.addAll(attributes);
    return columns;
  }

  /** Two dimensions, straight edges, longitude and latitude; as PostGIS's own binary form. */
  private static String inWgs84(String outline, PostgisSite site, String ourSchema) {
    String postgis = site.postgis();
    String transform =
        site.own()
            ? TableName.quote(ourSchema) + ".wgs84(%s)"
            : postgis + ".ST_Transform(%s, 4326)";
    String straight =
        "CASE WHEN %2$s.GeometryType(%1$s) IN ('CURVEPOLYGON', 'MULTISURFACE') THEN %2$s.ST_CurveToLine(%1$s) ELSE %1$s END"
            .formatted(outline, postgis);
    return "%s.ST_Force2D(CASE WHEN %s.ST_SRID(%s) IN (0, 4326) THEN %s ELSE %s END)::bytea"
        .formatted(postgis, postgis, outline, straight, transform.formatted(straight));
  }

  private static String outline(LayerConfig config, Relation relation, PostgisSite site) {
    Column column;
    if (config.geometry().isEmpty()) {
      List<Column> spatial = relation.columns().stream().filter(Column::isSpatial).toList();
      if (spatial.size() != 1) {
        throw unusable(
            config,
            "the %s has %s columns with geometries; name one of them with `geometry`. It has: %s"
                .formatted(relation, spatial.isEmpty() ? "no" : spatial.size(), names(relation)));
      }
      column = spatial.getFirst();
    } else {
      column = find(config, relation, "geometry", config.geometry());
      if (!column.isSpatial()) {
        throw unusable(
            config,
            "the column %s of the %s is of the type %s, not a geometry"
                .formatted(column.name(), relation, column.type()));
      }
    }
    String name = TableName.quote(column.name());
    return column.type().equals("geography") ? name + "::" + site.postgis() + ".geometry" : name;
  }

  private static String required(
      LayerConfig config, Relation relation, String setting, String name) {
    return TableName.quote(find(config, relation, setting, name).name());
  }

  private static Column find(LayerConfig config, Relation relation, String setting, String name) {
    return relation
        .column(name)
        .orElseThrow(() ->
            unusable(
                config,
                "the %s has no column \"%s\" (setting `%s`). It has: %s"
                    .formatted(relation, name, setting, names(relation))));
  }

  private static String names(Relation relation) {
    return relation.columns().stream().map(Column::name).collect(Collectors.joining(", "));
  }

  private static StoreException unusable(LayerConfig config, String reason) {
    return new StoreException(
        Kind.CORRUPT, "the layer " + config.name() + " can't be read: " + reason);
  }
}
