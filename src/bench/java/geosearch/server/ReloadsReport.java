package geosearch.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.type.LatLng;
import geosearch.bench.Report;
import geosearch.config.Config;
import geosearch.config.ConfigLoader;
import geosearch.store.PostgisStore;
import geosearch.store.Store;
import geosearch.store.ZoneLimits;
import geosearch.testing.Communes;
import geosearch.v1.GeoSearchGrpc;
import geosearch.v1.GeoSearchGrpc.GeoSearchBlockingStub;
import geosearch.v1.LayerSnapshot;
import geosearch.v1.LocateOptions;
import geosearch.v1.LocateRequest;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;

/**
 * Measures what memory a server has, as {@code ./geosearch serve} starts it, while its layers are
 * loaded anew again and again under load: the communes of France some times, then those of one
 * département a thousand times, from a PostGIS. It needs a container engine. Prints a table and
 * writes {@code reloads.json} and {@code reloads.svg} into a folder: {@code bench/reloads FOLDER}.
 */
public final class ReloadsReport {

  private static final String DEPARTEMENT = "69";
  private static final int LARGE_RELOADS = 10;
  private static final int SMALL_RELOADS = 1_000;
  private static final double PER_SECOND = 2_000;
  private static final double SETTLING_SECONDS = 75;

  private final Report report = new Report("reloads", "Memory, and what reloads make of it");
  private final Map<String, String> settings = new HashMap<>();
  private final Map<String, Long> active = new HashMap<>();

  private ReloadsReport() {}

  public static void main(String[] args) throws Exception {
    ReloadsReport reloads = new ReloadsReport();
    try (WorkFolder folder = WorkFolder.create();
        PostgisContainer postgis = new PostgisContainer()) {
      Path departement = folder.path().resolve("departement.geojson");
      postgis.awaitReady();
      reloads.settings.putAll(postgis.settings());
      writeDepartement(departement);
      for (int version = 1; version <= 2; version++) {
        Subject.importFile(reloads.settings, Communes.file(), "commune");
        Subject.importFile(reloads.settings, departement, "departement");
      }
      reloads.active.put("commune", 2L);
      reloads.active.put("departement", 2L);
      reloads.measure();
    }
    reloads.report.publish(args, 0);
  }

  private static void writeDepartement(Path file) throws IOException {
    ObjectMapper json = new ObjectMapper();
    try (InputStream in = new GZIPInputStream(Files.newInputStream(Communes.file()))) {
      JsonNode communes = json.readTree(in);
      for (Iterator<JsonNode> features = communes.get("features").elements();
          features.hasNext(); ) {
        if (!features.next().get("properties").get("code").asText().startsWith(DEPARTEMENT)) {
          features.remove();
        }
      }
      json.writeValue(file.toFile(), communes);
    }
  }

  private void measure() throws Exception {
    try (Store store = store();
        Subject server = Subject.served(settings)) {
      int port = server.port();
      long pid = server.pid();
      ManagedChannel channel =
          ManagedChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
      GeoSearchBlockingStub stub = GeoSearchGrpc.newBlockingStub(channel);
      try (Load load = new Load(port, "geosearch.v1.GeoSearch/Locate", messages())) {
        load.paced(SETTLING_SECONDS, PER_SECOND);
        report.add(
            "resident under 2,000 Locate/s", "MB", Subject.megabytes(pid, "VmRSS"), "300 MB");
        forgetPeak(pid);
        reload(load, store, stub, "commune", LARGE_RELOADS);
        report.add("peak while communes are reloaded", "MB", Subject.megabytes(pid, "VmHWM"), "");
        load.paced(SETTLING_SECONDS, PER_SECOND);
        report.add(
            "resident after %d reloads of them".formatted(LARGE_RELOADS),
            "MB",
            Subject.megabytes(pid, "VmRSS"),
            "");
        reload(load, store, stub, "departement", SMALL_RELOADS / 10);
        load.paced(SETTLING_SECONDS, PER_SECOND);
        double some = Subject.megabytes(pid, "VmRSS");
        forgetPeak(pid);
        reload(load, store, stub, "departement", SMALL_RELOADS - SMALL_RELOADS / 10);
        report.add(
            "peak while a département is reloaded", "MB", Subject.megabytes(pid, "VmHWM"), "");
        load.paced(SETTLING_SECONDS, PER_SECOND);
        report.add(
            "resident after %,d reloads of a département".formatted(SMALL_RELOADS),
            "MB",
            Subject.megabytes(pid, "VmRSS"),
            "after %d".formatted(SMALL_RELOADS / 10),
            some,
            "at least 1 x");
      } finally {
        channel.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
      }
    }
  }

  private Store store() {
    Config config = new ConfigLoader(settings).load(Optional.empty(), List.of()).config();
    return PostgisStore.open(
        config.store().postgis(),
        config.layers(),
        ZoneLimits.of(config.zones()),
        new SimpleMeterRegistry());
  }

  /** Makes the other version active so many times, each when the one before is served. */
  private void reload(Load load, Store store, GeoSearchBlockingStub stub, String layer, int times)
      throws IOException, InterruptedException, ExecutionException {
    LocateRequest request =
        LocateRequest.newBuilder()
            .setPosition(LatLng.newBuilder().setLatitude(45.76).setLongitude(4.83))
            .setOptions(LocateOptions.newBuilder().addLayers(layer))
            .build();
    long start = System.nanoTime();
    FutureTask<Double> reloads =
        new FutureTask<>(() -> {
          for (int i = 0; i < times; i++) {
            long next = active.computeIfPresent(layer, (name, now) -> 3 - now);
            store.datasets().activate(layer, next);
            while (!isServed(stub.locate(request).getLayers(0), next)) {
              TimeUnit.MILLISECONDS.sleep(5);
            }
          }
          return (System.nanoTime() - start) / 1e9 / times;
        });
    Thread.ofPlatform().start(reloads);
    List<Load.Seen> seen = new ArrayList<>();
    while (!reloads.isDone()) {
      seen.add(load.paced(1, PER_SECOND));
    }
    String what = "a reload of the layer " + layer;
    report.add(what, "s", reloads.get(), "%,d one after another".formatted(times));
    report.add(
        "Locate meanwhile, p99",
        "us",
        Load.median(seen, Load.Seen::p99),
        "longest %,.0f ms"
            .formatted(seen.stream().mapToDouble(Load.Seen::longest).max().orElse(0) / 1e3));
  }

  private static boolean isServed(LayerSnapshot layer, long version) {
    return layer.getDatasetVersion().equals(Long.toString(version));
  }

  private static List<byte[]> messages() {
    Random random = new Random(5);
    List<byte[]> messages = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      LatLng position =
          LatLng.newBuilder()
              .setLatitude(random.nextDouble(42.5, 51))
              .setLongitude(random.nextDouble(-4.5, 8))
              .build();
      messages.add(LocateRequest.newBuilder().setPosition(position).build().toByteArray());
    }
    return messages;
  }

  /** From now on the peak is a new one, by proc(5). */
  private static void forgetPeak(long pid) throws IOException {
    Files.writeString(Path.of("/proc", String.valueOf(pid), "clear_refs"), "5");
  }
}
