package geosearch.load;

import geosearch.atlas.Snapshot;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * States of layers that were asked about, for as long as there is room: those go first that nobody
 * has asked about for longest. Safe for use by several threads.
 *
 * @param <K> what tells one from another
 */
final class KeptStates<K> implements HeapRoom.Cache {

  private final long mostVertices;
  private final Map<K, Snapshot> kept = new LinkedHashMap<>(16, 0.75f, true);
  private long vertices;

  /**
   * @param mostVertices how many vertices the outlines of all of them may have together
   */
  KeptStates(long mostVertices) {
    this.mostVertices = mostVertices;
  }

  /** The one of that key, if it is here. */
  synchronized Optional<Snapshot> get(K key) {
    return Optional.ofNullable(kept.get(key));
  }

  /** Puts one in the place of another, and drops others until there is room for it. */
  synchronized void put(K key, Snapshot state) {
    remove(key);
    kept.put(key, state);
    vertices += state.index().vertices();
    Iterator<Snapshot> eldest = kept.values().iterator();
    while (vertices > mostVertices && eldest.hasNext()) {
      vertices -= eldest.next().index().vertices();
      eldest.remove();
    }
  }

  /** Drops one. */
  synchronized void remove(K key) {
    Snapshot before = kept.remove(key);
    if (before != null) {
      vertices -= before.index().vertices();
    }
  }

  @Override
  public synchronized long sizeInBytes() {
    return kept.values().stream()
        .mapToLong(state -> state.index().sizeInBytes() + state.index().textBytes())
        .sum();
  }

  @Override
  public synchronized void clear() {
    kept.clear();
    vertices = 0;
  }

  /** How many vertices there are now. */
  synchronized long vertices() {
    return vertices;
  }
}
