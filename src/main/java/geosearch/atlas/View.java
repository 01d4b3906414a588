package geosearch.atlas;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The snapshots of all layers as they were together at one moment. Immutable. */
public final class View {

  private final Map<String, Snapshot> byName;
  private final List<Snapshot> snapshots;

  View(List<Snapshot> snapshots) {
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
}
