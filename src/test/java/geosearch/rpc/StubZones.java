package geosearch.rpc;

import geosearch.geo.Area;
import geosearch.store.AreaSink;
import geosearch.store.Datasets;
import geosearch.store.LayerContent;
import geosearch.store.LayerState;
import geosearch.store.Store;
import geosearch.store.Zone;
import geosearch.store.Zones;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.locationtech.jts.geom.Geometry;

/** Zones that do what a test wants before each method; they keep nothing. */
final class StubZones implements Zones {

  /** What happens first. */
  interface Step {
    void run() throws Exception;
  }

  volatile Step before = () -> {};

  /** A store that has only zones. */
  Store store() {
    return new Store() {
      @Override
      public String description() {
        return "stub";
      }

      @Override
      public Optional<String> readOnlyReason() {
        return Optional.empty();
      }

      @Override
      public List<LayerState> layers() {
        throw new UnsupportedOperationException();
      }

      @Override
      public LayerContent read(String layer, AreaSink sink) {
        throw new UnsupportedOperationException();
      }

      @Override
      public Datasets datasets() {
        throw new UnsupportedOperationException();
      }

      @Override
      public Zones zones() {
        return StubZones.this;
      }

      @Override
      public Listening listen(Runnable onChange) {
        throw new UnsupportedOperationException();
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public Zone create(Area area, Geometry outline) {
    step();
    return new Zone(area, Optional.of(outline), Optional.of(Instant.EPOCH), 1, false);
  }

  @Override
  public List<Zone> list(String afterId, int limit, boolean withOutlines) {
    step();
    return List.of();
  }

  @Override
  public long delete(String id) {
    step();
    return 2;
  }

  private void step() {
    try {
      before.run();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
