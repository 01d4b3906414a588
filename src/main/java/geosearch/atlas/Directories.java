package geosearch.atlas;

import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The directory of each layer, made when it is first asked for and kept until the layer changes,
 * and for the greater part over changes of zones; those of states that are not served are kept for
 * as long as the states are. Safe for use by several threads.
 */
public final class Directories {

  private final Map<String, Directory> byLayer = new ConcurrentHashMap<>();

  /** A directory holds on to the index of a snapshot, but not to the snapshot. */
  private final Map<Snapshot, Directory> others = Collections.synchronizedMap(new WeakHashMap<>());

  /** The directory of a snapshot of a view. */
  public Directory of(View view, Snapshot snapshot) {
    if (!view.isServed(snapshot)) {
      return others.computeIfAbsent(snapshot, other -> new Directory(other.index()));
    }
    String layer = snapshot.layer().name();
    Directory known = byLayer.get(layer);
    if (known == null || known.index().built() != snapshot.index().built()) {
      known = new Directory(snapshot.index());
      byLayer.put(layer, known);
    } else if (known.index() != snapshot.index()) {
      known = new Directory(snapshot.index(), known);
      byLayer.put(layer, known);
    }
    return known;
  }
}
