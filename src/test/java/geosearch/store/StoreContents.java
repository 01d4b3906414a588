package geosearch.store;

import geosearch.geo.Area;
import java.util.Map;
import java.util.TreeMap;
import org.locationtech.jts.geom.Geometry;

/** Keeps what a store reads, by id. */
final class StoreContents implements AreaSink {

  final Map<String, Area> areas = new TreeMap<>();
  final Map<String, Geometry> outlines = new TreeMap<>();
  final Map<String, String> skipped = new TreeMap<>();

  /** Reads a layer whole. */
  static StoreContents of(Store store, String layer) {
    StoreContents contents = new StoreContents();
    store.read(layer, contents);
    return contents;
  }

  @Override
  public void accept(Area area, Geometry outline) {
    if (areas.put(area.id(), area) != null) {
      throw new AssertionError("the store gave " + area.id() + " twice");
    }
    outlines.put(area.id(), outline);
  }

  @Override
  public void skip(String id, String reason) {
    skipped.put(id, reason);
  }
}
