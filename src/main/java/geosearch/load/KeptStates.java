package geosearch.load;

import geosearch.atlas.Snapshot;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

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
  private final AtomicLong bytes = new AtomicLong();

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
    count(state, 1);
    Iterator<Snapshot> eldest = kept.values().iterator();
    while (vertices > mostVertices && eldest.hasNext()) {
      count(eldest.next(), -1);
      eldest.remove();
    }
  }

  /** Drops one. */
  synchronized void remove(K key) {
    Snapshot before = kept.remove(key);
    if (before != null) {
      count(before, -1);
    }
  }

  private void count(Snapshot state, int sign) {
    vertices += sign * state.index().vertices();
    bytes.addAndGet(sign * HeapRoom.sizeInBytes(state.index()));
  }

  @Override
  public long sizeInBytes() {
    return bytes.get();
  }

  @Override
  public synchronized void clear() {
    kept.clear();
    vertices = 0;
    bytes.set(0);
  }

  /** How many vertices there are now. */
  synchronized long vertices() {
    return vertices;
  }
}
