package geosearch.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.ResourceInfo;
import geosearch.admin.v1.AcceptLayerRequest;
import geosearch.admin.v1.AcceptStoreRequest;
import geosearch.admin.v1.AdministrationGrpc;
import geosearch.admin.v1.AdministrationGrpc.AdministrationBlockingStub;
import geosearch.admin.v1.DatasetName;
import geosearch.admin.v1.DeleteLayerRequest;
import geosearch.admin.v1.ExportLayerRequest;
import geosearch.admin.v1.ImportOptions;
import geosearch.admin.v1.KeepDatasetRequest;
import geosearch.admin.v1.ListDatasetsRequest;
import geosearch.config.ImportConfig;
import geosearch.geo.Area;
import geosearch.load.Importer;
import geosearch.store.DatasetWriter;
import geosearch.store.EmbeddedStore;
import geosearch.store.Store;
import geosearch.store.StoreException;
import geosearch.store.ZoneDraft;
import geosearch.testing.WatchedStore;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.locationtech.jts.io.WKTReader;

/** Every error that administration.proto promises, method by method. */
class AdministrationErrorsTest extends DocumentedErrors {

  private static final String SQUARE =
      """
      {"type":"Feature","properties":{"no":1},"geometry":{"type":"Polygon",
       "coordinates":[[[0,0],[1,0],[1,1],[0,1],[0,0]]]}}
      """;

  @TempDir private static Path folder;

  /** Has the versions 1 and 2 of `square`. */
  private static ManagedChannel keeping;

  /** As that one, but never serves what has changed. */
  private static ManagedChannel stubborn;

  /** As that one, but its store can only be read. */
  private static ManagedChannel reading;

  /** As that one, for a caller who does not know the token. */
  private static ManagedChannel strange;

  AdministrationErrorsTest() {
    super("geosearch/admin/v1/administration.proto");
  }

  @BeforeAll
  void serve() throws Exception {
    Store store = keep(EmbeddedStore.open(folder.resolve("store"), 10));
    importSquare(store, "square");
    importSquare(store, "square");
    importSquare(store, "doomed");
    store
        .zones()
        .create(
            new ZoneDraft(
                "delivery",
                new Area("z", "z", Map.of()),
                new WKTReader().read(Layers.box(0, 0, 1, 1)),
                Optional.empty()),
            Optional.empty());
    keeping = serving("keeping", store, (layer, timeout) -> {});
    strange = connect(folder.resolve("keeping"));
    stubborn =
        serving(
            "stubborn",
            store,
            (layer, timeout) -> {
              throw new TimeoutException("it has shrunk");
            });
    Store readable =
        WatchedStore.of(
            store,
            method -> {
              if (method.matches("Datasets\\.(begin|activate|delete|deleteLayer|keep|accept)")) {
                throw new StoreException(StoreException.Kind.READ_ONLY, "it can only be read");
              }
            });
    reading = serving("reading", readable, (layer, timeout) -> {});
  }

  private static void importSquare(Store store, String layer) throws Exception {
    try (DatasetWriter writer = store.datasets().begin(layer)) {
      writer.add(1, new Area("a", "a", Map.of()), new WKTReader().read(Layers.box(0, 0, 1, 1)));
      writer.commit(new DatasetWriter.Provenance("test", "00", 0, 0, "", 0), false);
    }
  }

  private ManagedChannel serving(String name, Store store, Refreshed refreshed) throws Exception {
    Path place = Files.createDirectory(folder.resolve(name));
    AdministrationServer server =
        keep(
            new AdministrationServer(
                place,
                store,
                new Importer(new ImportConfig(1_000_000, 64 << 10, Duration.ofSeconds(5))),
                refreshed,
                Duration.ofSeconds(10)));
    server.start();
    ManagedChannel channel = AdministrationEndpoint.read(place).orElseThrow().connect();
    keep(channel::shutdownNow);
    return channel;
  }

  /** Without the token. */
  private ManagedChannel connect(Path place) throws Exception {
    int port = AdministrationEndpoint.read(place).orElseThrow().port();
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
            .usePlaintext()
            .build();
    keep(channel::shutdownNow);
    return channel;
  }

  @Override
  List<DocumentedError> errors() {
    List<DocumentedError> errors = new ArrayList<>();
    calls("square", 1)
        .forEach((method, call) ->
            add(
                errors,
                method,
                Status.Code.UNAUTHENTICATED,
                ErrorInfo.class,
                "the token is missing or wrong",
                () -> call.with(strange)));
    addImports(errors);
    addMissing(errors);
    addStates(errors);
    return errors;
  }

  private static void addImports(List<DocumentedError> errors) {
    addBadOptions(errors, "layer", "'Not A Name'", options("Not A Name"));
    addBadOptions(errors, "attribute", "must not be empty", options("b").addAttributes(""));
    addBadOptions(
        errors, "attribution", "not 1001", options("b").setAttribution("x".repeat(1_001)));
    addBadOptions(errors, "accuracy", "not -1.0", options("b").setAccuracyMetres(-1));
    addBadFile(
        errors,
        "is no feature",
        options("new"),
        "{\"type\":\"FeatureCollection\",\"features\":[]}");
    addBadFile(errors, "GeoJSON", options("new"), "nonsense");
    addBadFile(errors, "no property 'code'", options("new").setIdProperty("code"), SQUARE);
    addBadFile(errors, "which was to be the name", options("new").setNameProperty("nom"), SQUARE);
    addBadFile(errors, "\"1\" (features 1, 2)", options("new"), SQUARE + SQUARE);
    addBadFile(errors, "holds the zones", options("delivery"), SQUARE);
    add(
        errors,
        "ImportFile",
        Status.Code.INVALID_ARGUMENT,
        ErrorInfo.class,
        "the options must come first",
        () -> end(ImportClient.open(keeping).name("a.geojson")));
    add(
        errors,
        "ImportFile",
        Status.Code.FAILED_PRECONDITION,
        ErrorInfo.class,
        "was imported, but this server goes on as before: it has shrunk",
        () -> importFile(stubborn, options("other"), SQUARE));
    add(
        errors,
        "ImportFile",
        Status.Code.ABORTED,
        ErrorInfo.class,
        "the layer doomed was deleted while the import into it was under way",
        AdministrationErrorsTest::importIntoALayerThatIsDeleted);
  }

  private static void addBadOptions(
      List<DocumentedError> errors, String field, String value, ImportOptions.Builder options) {
    add(
        errors,
        "ImportFile",
        Status.Code.INVALID_ARGUMENT,
        BadRequest.class,
        "options: ",
        () -> {
          StatusRuntimeException refusal =
              failure(ImportClient.open(keeping).options(options.build()));
          String said = String.valueOf(refusal.getMessage());
          assertTrue(said.contains(field) && said.contains(value), said);
          throw refusal;
        });
  }

  /** The report before the error says why as well. */
  private static void addBadFile(
      List<DocumentedError> errors, String said, ImportOptions.Builder options, String file) {
    add(
        errors,
        "ImportFile",
        Status.Code.INVALID_ARGUMENT,
        ErrorInfo.class,
        said,
        () -> {
          ImportClient client = upload(keeping, options, file);
          client.complete();
          StatusRuntimeException refusal = failure(client);
          assertEquals(refusal.getStatus().getDescription(), client.report().getRefusal());
          throw refusal;
        });
  }

  private static void importIntoALayerThatIsDeleted() throws Exception {
    ImportClient client = upload(keeping, options("doomed"), squares(5_000));
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> !client.progress().isEmpty());
    stub(keeping).deleteLayer(DeleteLayerRequest.newBuilder().setLayer("doomed").build());
    client.complete();
    throw failure(client);
  }

  private static void addMissing(List<DocumentedError> errors) {
    calls("nowhere", 1)
        .forEach((method, call) -> {
          if (!Set.of("ImportFile", "ListDatasets", "AcceptStore").contains(method)) {
            add(
                errors,
                method,
                Status.Code.NOT_FOUND,
                ResourceInfo.class,
                "layer nowhere",
                () -> call.with(keeping));
          }
        });
    for (String method : List.of("ActivateDataset", "DeleteDataset", "KeepDataset")) {
      add(
          errors,
          method,
          Status.Code.NOT_FOUND,
          ResourceInfo.class,
          "the layer square has no version 7",
          () -> calls("square", 7).get(method).with(keeping));
    }
    add(
        errors,
        "AcceptLayer",
        Status.Code.NOT_FOUND,
        ResourceInfo.class,
        "no layer square is read from a table",
        () -> calls("square", 1).get("AcceptLayer").with(keeping));
    add(
        errors,
        "DeleteLayer",
        Status.Code.NOT_FOUND,
        ResourceInfo.class,
        "the layer thing has no imported version",
        () -> calls("thing", 1).get("DeleteLayer").with(keeping));
  }

  /** What the state does not allow. */
  private static void addStates(List<DocumentedError> errors) {
    add(
        errors,
        "DeleteDataset",
        Status.Code.FAILED_PRECONDITION,
        ErrorInfo.class,
        "version 2 is the one of the layer square that is served",
        () -> calls("square", 2).get("DeleteDataset").with(keeping));
    add(
        errors,
        "ActivateDataset",
        Status.Code.FAILED_PRECONDITION,
        ErrorInfo.class,
        "version 2 of the layer square was activated, but this server goes on as before",
        () -> calls("square", 2).get("ActivateDataset").with(stubborn));
    calls("square", 1)
        .forEach((method, call) -> {
          if (!Set.of("ExportLayer", "ListDatasets", "AcceptStore").contains(method)) {
            add(
                errors,
                method,
                Status.Code.FAILED_PRECONDITION,
                ErrorInfo.class,
                "it can only be read",
                () -> call.with(reading));
          }
        });
  }

  private static void add(
      List<DocumentedError> errors,
      String method,
      Status.Code code,
      Class<? extends Message> detail,
      String said,
      Executable call) {
    errors.add(new DocumentedError(method, code, detail, said, call));
  }

  // Calls.

  /** Makes a call, and throws what it answers. */
  @FunctionalInterface
  private interface Call {
    void with(ManagedChannel channel) throws Exception;
  }

  /** A call of each method. */
  private static Map<String, Call> calls(String layer, long version) {
    DatasetName name = DatasetName.newBuilder().setLayer(layer).setVersion(version).build();
    Map<String, Call> calls = new LinkedHashMap<>();
    calls.put("ImportFile", channel -> importFile(channel, options(layer), SQUARE));
    calls.put(
        "ExportLayer",
        channel ->
            stub(channel)
                .exportLayer(ExportLayerRequest.newBuilder().setLayer(layer).build())
                .forEachRemaining(area -> {}));
    calls.put(
        "ListDatasets",
        channel -> stub(channel).listDatasets(ListDatasetsRequest.getDefaultInstance()));
    calls.put("ActivateDataset", channel -> stub(channel).activateDataset(name));
    calls.put("DeleteDataset", channel -> stub(channel).deleteDataset(name));
    calls.put(
        "DeleteLayer",
        channel ->
            stub(channel).deleteLayer(DeleteLayerRequest.newBuilder().setLayer(layer).build()));
    calls.put(
        "KeepDataset",
        channel ->
            stub(channel).keepDataset(KeepDatasetRequest.newBuilder().setName(name).build()));
    calls.put(
        "AcceptLayer",
        channel ->
            stub(channel).acceptLayer(AcceptLayerRequest.newBuilder().setLayer(layer).build()));
    calls.put(
        "AcceptStore",
        channel -> stub(channel).acceptStore(AcceptStoreRequest.getDefaultInstance()));
    return calls;
  }

  private static AdministrationBlockingStub stub(ManagedChannel channel) {
    return AdministrationGrpc.newBlockingStub(channel).withDeadlineAfter(Duration.ofMinutes(1));
  }

  private static void importFile(
      ManagedChannel channel, ImportOptions.Builder options, String content) throws Exception {
    ImportClient client = upload(channel, options, content);
    client.complete();
    end(client);
  }

  private static ImportClient upload(
      ManagedChannel channel, ImportOptions.Builder options, String content) {
    return ImportClient.open(channel).options(options.build()).name("a.geojson").content(content);
  }

  private static void end(ImportClient client) throws Exception {
    if (!client.end().isOk()) {
      throw client.failure();
    }
  }

  private static StatusRuntimeException failure(ImportClient client) throws Exception {
    client.end();
    return client.failure();
  }

  private static String squares(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> SQUARE.replace("\"no\":1", "\"no\":" + i))
        .collect(Collectors.joining());
  }

  private static ImportOptions.Builder options(String layer) {
    return ImportOptions.newBuilder().setLayer(layer).setIdProperty("no");
  }
}
