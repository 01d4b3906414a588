package geosearch.load;

import geosearch.geo.Area;
import geosearch.geo.Layer;
import geosearch.store.AreaSink;
import geosearch.store.Datasets;
import geosearch.store.LayerContent;
import geosearch.store.LayerState;
import geosearch.store.Store;
import geosearch.store.StoreException;
import geosearch.store.StoreException.Kind;
import geosearch.store.Zones;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.Polygon;

/** A store in memory that fails, hangs, loses notices and shrinks as a test wants. */
final class FakeStore implements Store {

  private record Content(
      LayerState state, List<String> ids, long revision, Map<String, String> skipped) {}

  private final Map<String, Content> layers = new LinkedHashMap<>();
  private final Map<String, RuntimeException> failures = new HashMap<>();
  private final Map<String, CountDownLatch> held = new HashMap<>();
  private final Map<String, CountDownLatch> reached = new HashMap<>();
  private final List<String> reads = Collections.synchronizedList(new ArrayList<>());
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private volatile Runnable beforeListening = () -> {};
  private RuntimeException away;
  private volatile boolean noticesLost;
  private volatile boolean complete;
  private int looks;
  private volatile long acceptances;

  // What a test does with it

  /** Puts a layer in its place, as one commit; the areas are squares in a row. */
  void put(String name, Layer.Kind kind, String fingerprint, String... ids) {
    put(name, kind, fingerprint, 0, List.of(ids), Map.of());
  }

  void putZones(long revision, String... ids) {
    put(ZONE_LAYER, Layer.Kind.ZONES, "r" + revision, revision, List.of(ids), Map.of());
  }

  void putSkipping(String name, String fingerprint, Map<String, String> skipped, String... ids) {
    put(name, Layer.Kind.TABLE, fingerprint, 0, List.of(ids), skipped);
  }

  private void put(
      String name,
      Layer.Kind kind,
      String fingerprint,
      long revision,
      List<String> ids,
      Map<String, String> skipped) {
    String version = kind == Layer.Kind.DATASET ? fingerprint : "";
    Layer layer = new Layer(name, kind, false, version, "test", "", 0);
    synchronized (this) {
      layers.put(
          name,
          new Content(
              new LayerState(layer, fingerprint, Optional.empty()), ids, revision, skipped));
    }
    notice();
  }

  synchronized void remove(String name) {
    layers.remove(name);
  }

  /** Lets the present state of a layer through although it has shrunk. */
  void accept(String name) {
    synchronized (this) {
      layers.computeIfPresent(
          name,
          (_, content) ->
              new Content(
                  new LayerState(
                      content.state().layer(),
                      content.state().fingerprint(),
                      Optional.of(content.state().fingerprint())),
                  content.ids(),
                  content.revision(),
                  content.skipped()));
    }
    notice();
  }

  /** Lists the layer, but says that it can't be read. */
  synchronized void problem(String name, String problem) {
    layers.computeIfPresent(
        name,
        (_, content) ->
            new Content(
                new LayerState(
                    content.state().layer(),
                    content.state().fingerprint(),
                    Optional.empty(),
                    Optional.of(problem)),
                content.ids(),
                content.revision(),
                content.skipped()));
  }

  /** From now on nothing can be asked. */
  synchronized void goAway(String reason) {
    away = new StoreException(Kind.UNAVAILABLE, reason);
  }

  /** From now on it is not the store that was served. */
  synchronized void mismatch(String reason) {
    away = new StoreException(Kind.MISMATCH, reason);
  }

  synchronized void comeBack() {
    away = null;
  }

  /** From now on this layer can't be read. */
  synchronized void fail(String name, RuntimeException failure) {
    failures.put(name, failure);
  }

  void mend(String name) {
    synchronized (this) {
      failures.remove(name);
    }
    notice();
  }

  /** From now on reading this layer hangs until it is let go. */
  synchronized void hold(String name) {
    held.put(name, new CountDownLatch(1));
    reached.put(name, new CountDownLatch(1));
  }

  void letGo(String name) {
    latch(held, name).orElseThrow().countDown();
    synchronized (this) {
      held.remove(name);
    }
  }

  /** Waits until a reading of the layer hangs. */
  void awaitHeld(String name) throws InterruptedException {
    latch(reached, name).orElseThrow().await();
  }

  void loseNotices() {
    noticesLost = true;
  }

  /** From now on who listens is told that no notice is lost. */
  void loseNoNotices() {
    complete = true;
  }

  /** Has something done when somebody is about to listen. */
  void beforeListening(Runnable task) {
    beforeListening = task;
  }

  void notice() {
    if (!noticesLost) {
      listeners.forEach(Runnable::run);
    }
  }

  /** How often this layer has been read. */
  long reads(String name) {
    return List.copyOf(reads).stream().filter(name::equals).count();
  }

  /** How often it was asked what there is. */
  synchronized int looks() {
    return looks;
  }

  int listeners() {
    return listeners.size();
  }

  // What the follower does with it

  @Override
  public String description() {
    return "fake";
  }

  @Override
  public Optional<String> readOnlyReason() {
    return Optional.empty();
  }

  @Override
  public synchronized List<LayerState> layers() {
    looks++;
    if (away != null) {
      throw away;
    }
    return layers.values().stream().map(Content::state).toList();
  }

  @Override
  public LayerContent read(String layer, AreaSink sink) {
    reads.add(layer);
    Content content;
    synchronized (this) {
      if (away != null) {
        throw away;
      }
      if (failures.containsKey(layer)) {
        throw failures.get(layer);
      }
      content = layers.get(layer);
      if (content == null) {
        throw new StoreException(Kind.NOT_FOUND, "there is no layer " + layer);
      }
    }
    latch(held, layer)
        .ifPresent(latch -> {
          latch(reached, layer).orElseThrow().countDown();
          try {
            latch.await();
          } catch (InterruptedException e) {
            throw new StoreException(Kind.UNAVAILABLE, "interrupted", e);
          }
        });
    for (int i = 0; i < content.ids().size(); i++) {
      String id = content.ids().get(i);
      sink.accept(
          new Area(id, "name of " + id, Map.of()),
          square(i % 300 * 0.5, Math.floorDiv(i, 300) * 0.5));
    }
    content.skipped().forEach(sink::skip);
    return new LayerContent(content.state(), content.revision(), content.skipped().size());
  }

  private synchronized Optional<CountDownLatch> latch(
      Map<String, CountDownLatch> latches, String name) {
    return Optional.ofNullable(latches.get(name));
  }

  @Override
  public long acceptances() {
    return acceptances;
  }

  @Override
  public void accept() {
    synchronized (this) {
      acceptances = acceptances + 1;
      away = null;
    }
    notice();
  }

  @Override
  public Datasets datasets() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Zones zones() {
    return new FakeZones(() -> {
      Content zones = layers.get(ZONE_LAYER);
      return zones == null ? 0 : zones.revision();
    });
  }

  @Override
  public Listening listen(Runnable onChange, Runnable onZoneChange) {
    beforeListening.run();
    listeners.add(onChange);
    return new Listening() {
      @Override
      public boolean isComplete() {
        return complete;
      }

      @Override
      public void close() {
        listeners.remove(onChange);
      }
    };
  }

  @Override
  public void close() {}

  private static Polygon square(double lng, double lat) {
    return new GeometryFactory()
        .createPolygon(
            new Coordinate[] {
              new Coordinate(lng, lat),
              new Coordinate(lng + 0.5, lat),
              new Coordinate(lng + 0.5, lat + 0.5),
              new Coordinate(lng, lat + 0.5),
              new Coordinate(lng, lat)
            });
  }
}
