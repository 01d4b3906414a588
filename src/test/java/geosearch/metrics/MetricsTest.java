package geosearch.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import geosearch.config.StatsdConfig;
import geosearch.metrics.Metrics.SnapshotFigures;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class MetricsTest {

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Metrics metrics = new Metrics(registry);

  private double count(String name) {
    return registry.get(name).functionCounter().count();
  }

  private double gauge(String name) {
    return registry.get(name).gauge().value();
  }

  private Set<String> names() {
    return registry.getMeters().stream()
        .map(Meter::getId)
        .map(Meter.Id::getName)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void calls_ofTheOriginalService_areCountedUnderTheOriginalNamesToo() {
    metrics.calls("Search", "search").record("OK", 3_000_000);
    metrics.calls("Search", "search").record("INVALID_ARGUMENT", 1_000_000);
    metrics.calls("Search", "search_thing").record("OK", 5_000_000);
    metrics.calls("Search", "monitor").record("OK", 7_000_000);

    assertEquals(3, count("search_count"));
    assertEquals(1, count("monitor_count"));
    assertEquals(4, registry.get("search").timer().totalTime(TimeUnit.MILLISECONDS));
    assertEquals(5, registry.get("search_thing").timer().totalTime(TimeUnit.MILLISECONDS));
    assertEquals(7, registry.get("monitor").timer().totalTime(TimeUnit.MILLISECONDS));
    assertEquals(1, count("rpc.Search.search.OK"));
    assertEquals(1, count("rpc.Search.search.INVALID_ARGUMENT"));
    assertEquals(2, registry.get("rpc.Search.search").timer().count());
  }

  @Test
  void calls_ofAServiceWithAPackage_areOnePartOfTheName() {
    metrics.calls("geosearch.v1.Zones", "CreateZone").record("OK", 1);

    assertEquals(
        Set.of("rpc.geosearch_v1_Zones.CreateZone", "rpc.geosearch_v1_Zones.CreateZone.OK"),
        names());
  }

  @Test
  void lookups_ofALayer_areHitsAndMisses() {
    Metrics.LookupRecorder lookups = metrics.lookups("commune");
    lookups.record(true);
    lookups.record(false);
    lookups.record(10, 20);

    assertEquals(11, count("lookup.commune.hit"));
    assertEquals(21, count("lookup.commune.miss"));
  }

  @Test
  void lookups_ofALayerWithAName_thatGraphiteCantHold_areSanitised() {
    metrics.lookups("Île-de-France/2018.v1").record(true);

    assertEquals(1, count("lookup._le-de-France_2018_v1.hit"));
  }

  @Test
  void loads_ofALayer_areTimedAndCounted() {
    Metrics.LoadRecorder loads = metrics.loads("commune");
    loads.succeeded(Duration.ofSeconds(2).toNanos());
    loads.failed();
    loads.failed();
    loads.refused();

    assertEquals(2, registry.get("load.commune").timer().totalTime(TimeUnit.SECONDS));
    assertEquals(2, count("load.commune.failed"));
    assertEquals(1, count("load.commune.refused"));
  }

  @Test
  void snapshot_ofALayer_isReportedWhileThereIsOne() {
    metrics.snapshot("commune", () -> Optional.of(new SnapshotFigures(1.5, 35_228, 900_000, 17)));

    assertEquals(1.5, gauge("snapshot.commune.age"));
    assertEquals(35_228, gauge("snapshot.commune.areas"));
    assertEquals(900_000, gauge("snapshot.commune.vertices"));
    assertEquals(17, gauge("snapshot.commune.generation"));

    metrics.snapshot("commune", Optional::empty);

    assertEquals(Double.NaN, gauge("snapshot.commune.areas"));
  }

  @Test
  void gauge_ofANameThatThereIs_replacesIt() {
    metrics.gauge("consul.registered", () -> 0);
    metrics.gauge("consul.registered", () -> 1);

    assertEquals(1, gauge("consul.registered"));
  }

  @Test
  void gauge_thatFails_hasNoValue() {
    metrics.gauge(
        "broken",
        () -> {
          throw new IllegalStateException("closed");
        });

    assertEquals(Double.NaN, gauge("broken"));
  }

  @Test
  void count_ofAnEvent_addsUp() {
    metrics.count("search.hint");
    metrics.count("search.hint");

    assertEquals(2, count("search.hint"));
  }

  @Test
  void create_noHost_recordsNowhere() {
    Metrics off = Metrics.create(new StatsdConfig("", 8125, "", Duration.ofSeconds(10), 100));
    off.calls("Search", "search").record("OK", 1);
    off.lookups("commune").record(true);
    off.loads("commune").failed();
    off.count("search.hint");
    off.gauge("consul.registered", () -> 1);

    assertTrue(
        off.registry().getMeters().stream()
            .noneMatch(meter -> meter.getId().getName().startsWith("rpc")));
    off.close();
  }
}
