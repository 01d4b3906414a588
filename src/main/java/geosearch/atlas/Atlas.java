package geosearch.atlas;

import geosearch.geo.Layer;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What the server knows now. One atomic reference holds the snapshots of all layers, so that a
 * request that takes a {@link View} once sees one state of the world from its first layer to its
 * last.
 *
 * <p>Safe for use by several threads; readers take no lock.
 */
public final class Atlas {

  private final List<String> order;
  private final AtomicReference<Optional<View>> current = new AtomicReference<>(Optional.empty());
  private volatile Optional<LayerProblem> problem = Optional.empty();
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

  /**
   * An atlas that knows nothing yet.
   *
   * @param order names of layers in the order in which answers list them; layers that it does not
   *     name follow by name, zones last
   */
  public Atlas(List<String> order) {
    this.order = List.copyOf(order);
  }

  /** Makes these snapshots all that the atlas knows. */
  public void publish(Collection<Snapshot> snapshots) {
    List<Snapshot> ordered =
        snapshots.stream()
            .sorted(
                Comparator.comparingInt((Snapshot snapshot) -> rank(snapshot.layer()))
                    .thenComparing(snapshot -> snapshot.layer().name()))
            .toList();
    current.set(Optional.of(new View(ordered)));
    listeners.forEach(Runnable::run);
  }

  /**
   * Reports what keeps every layer from following the store; answers stay as they were published.
   *
   * @param now empty if nothing does
   */
  public void report(Optional<LayerProblem> now) {
    problem = now;
  }

  /** Returns what keeps every layer from following the store, if anything does. */
  public Optional<LayerProblem> problem() {
    return problem;
  }

  /**
   * Calls back after each publication, on the thread that publishes.
   *
   * @param onPublication must not block
   */
  public void addListener(Runnable onPublication) {
    listeners.add(onPublication);
  }

  /** What it knows now; empty before the first load has ended. */
  public Optional<View> view() {
    return current.get();
  }

  private int rank(Layer layer) {
    int named = order.indexOf(layer.name());
    if (named >= 0) {
      return named;
    }
    return layer.kind() == Layer.Kind.ZONES ? order.size() + 1 : order.size();
  }
}
