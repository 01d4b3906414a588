package geosearch.atlas;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The directory of each layer, made when it is first asked for and kept until the layer changes.
 * Safe for use by several threads.
 */
public final class Directories {

  private final Map<String, Directory> byLayer = new ConcurrentHashMap<>();

  /** The directory of a snapshot. */
  public Directory of(Snapshot snapshot) {
    String layer = snapshot.layer().name();
    Directory known = byLayer.get(layer);
    if (known == null || known.index() != snapshot.index()) {
      known = new Directory(snapshot.index());
      byLayer.put(layer, known);
    }
    return known;
  }
}
