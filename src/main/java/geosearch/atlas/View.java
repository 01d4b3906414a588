package geosearch.atlas;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The snapshots of all layers as they were together at one moment, some perhaps with another state
 * in their place that somebody asked about. Immutable.
 */
public final class View {

  private final Map<String, Snapshot> byName;
  private final List<Snapshot> snapshots;

  /** What is served of the layers that are in another state here, by name. */
  private final Map<String, Snapshot> replaced;

  View(List<Snapshot> snapshots) {
    this(snapshots, Map.of());
  }

  private View(List<Snapshot> snapshots, Map<String, Snapshot> replaced) {
    this.replaced = replaced;
    this.snapshots = List.copyOf(snapshots);
    this.byName = new LinkedHashMap<>();
    for (Snapshot snapshot : snapshots) {
      byName.put(snapshot.layer().name(), snapshot);
    }
  }

  /** All layers, in the order in which answers list them. */
  public List<Snapshot> layers() {
    return snapshots;
  }

  /** The layer of that name. */
  public Optional<Snapshot> layer(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /**
   * The same with other states of some layers in place of theirs.
   *
   * @param others of layers by name; those of layers that aren't there don't matter
   */
  public View with(Collection<Snapshot> others) {
    if (others.isEmpty()) {
      return this;
    }
    Map<String, Snapshot> replacing = new HashMap<>();
    others.forEach(other -> replacing.put(other.layer().name(), other));
    Map<String, Snapshot> all = new HashMap<>(replaced);
    replacing.keySet().forEach(name -> layer(name).ifPresent(old -> all.putIfAbsent(name, old)));
    return new View(
        snapshots.stream()
            .map(snapshot -> replacing.getOrDefault(snapshot.layer().name(), snapshot))
            .toList(),
        all);
  }

  /** What is served of the layer of a snapshot of it: mostly the same. */
  public Snapshot served(Snapshot snapshot) {
    return replaced.getOrDefault(snapshot.layer().name(), snapshot);
  }

  /** Whether a snapshot of it is what is served of its layer, and no other state. */
  public boolean isServed(Snapshot snapshot) {
    return !replaced.containsKey(snapshot.layer().name());
  }
}
