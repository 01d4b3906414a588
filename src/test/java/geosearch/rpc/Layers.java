package geosearch.rpc;

import geosearch.atlas.Snapshot;
import geosearch.geo.Area;
import geosearch.geo.AreaIndex;
import geosearch.geo.Layer;
import java.time.Instant;
import java.util.Map;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.io.ParseException;
import org.locationtech.jts.io.WKTReader;

/** Layers made by hand. */
final class Layers {

  private Layer layer;
  private final AreaIndex.Builder areas = AreaIndex.builder();

  private Layers(String name, Layer.Kind kind, boolean original) {
    this.layer = new Layer(name, kind, original, "", "by hand", "", 0);
  }

  static Layers imported(String name) {
    return new Layers(name, Layer.Kind.DATASET, false);
  }

  /** One that is read from a table of the original. */
  static Layers original(String name) {
    return new Layers(name, Layer.Kind.TABLE, true);
  }

  static Layers things() {
    return new Layers("thing", Layer.Kind.ZONES, false);
  }

  static Layers originalThings() {
    return new Layers("thing", Layer.Kind.ZONES, true);
  }

  /** Says how far its outlines may be off, in metres. */
  Layers accuracy(double metres) {
    layer =
        new Layer(
            layer.name(), layer.kind(), layer.original(), layer.version(), "by hand", "", metres);
    return this;
  }

  /** Says which version of a dataset it is. */
  Layers version(String version) {
    layer = new Layer(layer.name(), layer.kind(), layer.original(), version, "by hand", "", 0);
    return this;
  }

  Layers area(String id, String name, String wkt) {
    return area(new Area(id, name, Map.of()), wkt);
  }

  Layers area(Area area, String wkt) {
    try {
      return area(area, new WKTReader().read(wkt));
    } catch (ParseException e) {
      throw new IllegalArgumentException(e);
    }
  }

  Layers area(Area area, Geometry outline) {
    areas.add(area, outline);
    return this;
  }

  Snapshot snapshot() {
    return new Snapshot(layer, areas.build(), 1, 0, Instant.EPOCH);
  }

  /** A box as WKT. */
  static String box(double west, double south, double east, double north) {
    return "POLYGON((%1$s %2$s,%3$s %2$s,%3$s %4$s,%1$s %4$s,%1$s %2$s))"
        .formatted(west, south, east, north);
  }
}
