package geosearch.rpc;

import static geosearch.rpc.Errors.assertFails;
import static geosearch.rpc.Errors.assertFailsBare;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import geosearch.admin.v1.AcceptLayerRequest;
import geosearch.admin.v1.AdministrationGrpc;
import geosearch.admin.v1.AdministrationGrpc.AdministrationBlockingStub;
import geosearch.admin.v1.Dataset;
import geosearch.admin.v1.DatasetName;
import geosearch.admin.v1.DeleteLayerRequest;
import geosearch.admin.v1.ExportLayerRequest;
import geosearch.admin.v1.ExportLayerResponse;
import geosearch.admin.v1.ImportOptions;
import geosearch.admin.v1.KeepDatasetRequest;
import geosearch.admin.v1.ListDatasetsRequest;
import geosearch.config.ImportConfig;
import geosearch.load.Importer;
import geosearch.store.EmbeddedStore;
import geosearch.store.Store;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptor;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdministrationServerTest {

  private static final ImportConfig IMPORTS =
      new ImportConfig(1_000_000, 64 << 10, Duration.ofSeconds(5));

  @TempDir private Path folder;

  private final List<String> served = new CopyOnWriteArrayList<>();
  private final List<ManagedChannel> channels = new ArrayList<>();
  private volatile Refreshed refreshed = (layer, timeout) -> served.add(layer);
  private Store store;
  private AdministrationServer server;
  private Channel channel;
  private AdministrationBlockingStub administration;

  @BeforeEach
  void start() throws Exception {
    store = EmbeddedStore.open(folder, 10);
    server =
        new AdministrationServer(
            folder,
            store,
            new Importer(IMPORTS),
            (layer, timeout) -> refreshed.await(layer, timeout),
            Duration.ofSeconds(10));
    server.start();
    ManagedChannel connected = AdministrationEndpoint.read(folder).orElseThrow().connect();
    channels.add(connected);
    channel = connected;
    administration = AdministrationGrpc.newBlockingStub(connected);
  }

  @AfterEach
  void stop() {
    channels.forEach(ManagedChannel::shutdownNow);
    server.close();
    store.close();
  }

  // The door.

  @Test
  void start_always_leavesATokenOf32RandomBytes() throws Exception {
    AdministrationEndpoint endpoint = AdministrationEndpoint.read(folder).orElseThrow();

    assertEquals(32, Base64.getUrlDecoder().decode(endpoint.token()).length);
    assertEquals(ProcessHandle.current().pid(), endpoint.pid());
    try (AdministrationServer other =
        new AdministrationServer(
            Files.createDirectory(folder.resolve("other")),
            store,
            new Importer(IMPORTS),
            refreshed,
            Duration.ofSeconds(1))) {
      other.start();
      assertNotEquals(
          endpoint.token(),
          AdministrationEndpoint.read(folder.resolve("other")).orElseThrow().token());
    }
  }

  @Test
  void close_always_takesTheFileAwayAndTheServerToo() throws Exception {
    server.close();

    assertEquals(Optional.empty(), AdministrationEndpoint.read(folder));
    assertFailsBare(
        Status.Code.UNAVAILABLE,
        () -> administration.listDatasets(ListDatasetsRequest.getDefaultInstance()));
  }

  @Test
  void anyMethod_withoutTheToken_isUnauthenticated() throws Exception {
    AdministrationEndpoint endpoint = AdministrationEndpoint.read(folder).orElseThrow();
    Metadata similar = new Metadata();
    similar.put(
        AdministrationEndpoint.AUTHORIZATION, "Bearer " + endpoint.token().substring(0, 42) + "!");
    for (ClientInterceptor[] credentials :
        List.of(
            new ClientInterceptor[0],
            new ClientInterceptor[] {
              new AdministrationEndpoint(endpoint.port(), "wrong", 1).credentials()
            },
            new ClientInterceptor[] {MetadataUtils.newAttachHeadersInterceptor(similar)})) {
      ManagedChannel stranger =
          NettyChannelBuilder.forAddress(
                  new InetSocketAddress(InetAddress.getLoopbackAddress(), endpoint.port()))
              .usePlaintext()
              .intercept(credentials)
              .build();
      channels.add(stranger);
      for (MethodDescriptor<?, ?> method : AdministrationGrpc.getServiceDescriptor().getMethods()) {
        assertEquals(
            Status.Code.UNAUTHENTICATED,
            callEmpty(stranger, method).getCode(),
            method.getFullMethodName());
      }
    }
  }

  // ExportLayer and DeleteLayer.

  @Test
  void exportLayer_imported_sendsEveryArea() throws Exception {
    importSquares(500);

    Set<String> ids = new HashSet<>();
    administration
        .exportLayer(ExportLayerRequest.newBuilder().setLayer("square").build())
        .forEachRemaining(area -> {
          ids.add(area.getId());
          assertFalse(area.getWkb().isEmpty());
        });

    assertEquals(
        IntStream.range(0, 500).mapToObj(String::valueOf).collect(Collectors.toSet()), ids);
  }

  @Test
  void exportLayer_slowCaller_isWaitedForAndItsEndNoticed() throws Exception {
    importSquares(15_000);
    Iterator<ExportLayerResponse> areas =
        administration.exportLayer(ExportLayerRequest.newBuilder().setLayer("square").build());
    Context.CancellableContext caller = Context.current().withCancellation();
    Iterator<ExportLayerResponse> abandoned =
        caller.call(() ->
            administration.exportLayer(ExportLayerRequest.newBuilder().setLayer("square").build()));
    abandoned.next();
    caller.cancel(null);

    int count = 0;
    while (areas.hasNext()) {
      areas.next();
      count++;
    }
    assertEquals(15_000, count);
    assertThrows(StatusRuntimeException.class, () -> abandoned.forEachRemaining(_ -> {}));
  }

  @Test
  void exportAndDeleteLayer_notThere_areNotFound() {
    assertFails(
        Status.Code.NOT_FOUND,
        () ->
            administration
                .exportLayer(ExportLayerRequest.newBuilder().setLayer("nowhere").build())
                .hasNext());
    assertFails(
        Status.Code.NOT_FOUND,
        () ->
            administration.deleteLayer(
                DeleteLayerRequest.newBuilder().setLayer("nowhere").build()));
    assertEquals(List.of(), served);
  }

  @Test
  void deleteLayer_imported_isAnsweredWhenAnswersAreWithoutIt() throws Exception {
    importSquares(2);
    served.clear();

    administration.deleteLayer(DeleteLayerRequest.newBuilder().setLayer("square").build());

    assertEquals(List.of("square"), served);
    assertEquals(List.of(), datasets());
  }

  // ImportFile.

  @Test
  void importFile_oneFile_isImportedReportedAndServed() throws Exception {
    ImportClient client = ImportClient.open(channel).options("square").name("squares.geojson");
    String file = squares(0, 3);
    client.content(file.substring(0, 50)).content("").content(file.substring(50));

    Status status = client.finish();

    assertEquals(Status.Code.OK, status.getCode(), status::toString);
    Dataset dataset = client.report().getDataset();
    assertEquals("square", dataset.getLayer());
    assertEquals(1, dataset.getVersion());
    assertEquals(3, dataset.getAreas());
    assertTrue(dataset.getSource().contains("squares.geojson"), dataset.getSource());
    assertTrue(dataset.getActive());
    assertEquals("", client.report().getRefusal());
    assertEquals(List.of("square"), served);
    assertEquals(List.of(dataset), datasets());
    assertFalse(client.progress().isEmpty());
    assertEquals(file.length(), client.progress().getLast().getProgress().getBytes());
  }

  @Test
  void importFile_severalFiles_formOneVersion() throws Exception {
    ImportClient client =
        ImportClient.open(channel)
            .options("square")
            .name("west.geojson")
            .content(squares(0, 2))
            .name("east.geojson")
            .content(squares(2, 5));

    assertEquals(Status.Code.OK, client.finish().getCode());

    assertEquals(5, client.report().getDataset().getAreas());
  }

  @Test
  void importFile_options_areAllUsed() throws Exception {
    String broken =
        """
        {"type":"FeatureCollection","features":[
         {"type":"Feature","properties":{"no":1,"nom":"A","x":"y"},"geometry":{"type":"Polygon",
          "coordinates":[[[0,0],[1,0],[1,1],[0,1],[0,0]]]}},
         {"type":"Feature","properties":{"no":2,"nom":"bow tie"},"geometry":{"type":"Polygon",
          "coordinates":[[[0,0],[1,1],[1,0],[0,1],[0,0]]]}}]}
        """;
    ImportClient client =
        ImportClient.open(channel)
            .options(
                ImportOptions.newBuilder()
                    .setLayer("commune")
                    .setIdProperty("no")
                    .setNameProperty("nom")
                    .addAttributes("x")
                    .setAttribution("somebody")
                    .setAccuracyMetres(2.5)
                    .setNoRepair(true)
                    .setSkipBad(true)
                    .build())
            .name("communes.geojson")
            .content(broken);

    assertEquals(Status.Code.OK, client.finish().getCode());

    Dataset dataset = client.report().getDataset();
    assertEquals(1, dataset.getAreas());
    assertEquals(1, dataset.getSkipped());
    assertEquals("somebody", dataset.getAttribution());
    assertEquals(2.5, dataset.getAccuracyMetres());
    assertEquals(1, client.report().getBadFeatureCount());
    assertEquals(2, client.report().getBadFeatures(0).getFeatureNumber());
    assertEquals("communes.geojson", client.report().getBadFeatures(0).getSource());
    List<geosearch.geo.Area> areas = new ArrayList<>();
    store.read(
        "commune",
        new geosearch.store.AreaSink() {
          @Override
          public void accept(geosearch.geo.Area area, org.locationtech.jts.geom.Geometry outline) {
            areas.add(area);
          }

          @Override
          public void skip(String id, String reason) {
            throw new AssertionError(reason);
          }
        });
    assertEquals(List.of(new geosearch.geo.Area("1", "A", java.util.Map.of("x", "y"))), areas);
  }

  @Test
  void importFile_refused_reportsWhyAndChangesNothing() throws Exception {
    ImportClient client =
        ImportClient.open(channel)
            .options("square")
            .name("squares.geojson")
            .content(squares(0, 2).replace("\"no\":1", "\"no\":0"));

    Status status = client.finish();

    assertEquals(Status.Code.INVALID_ARGUMENT, status.getCode());
    assertFalse(client.report().getRefusal().isEmpty());
    assertFalse(client.report().hasDataset());
    assertEquals(List.of(), datasets());
    assertEquals(List.of(), served);
  }

  @Test
  void importFile_badOptions_areRefusedBeforeAnyFile() throws Exception {
    Status status = ImportClient.open(channel).options("Not A Name").end();

    assertEquals(Status.Code.INVALID_ARGUMENT, status.getCode());
    assertTrue(String.valueOf(status.getDescription()).startsWith("options: "));
  }

  @Test
  void importFile_messagesOutOfOrder_areRefused() throws Exception {
    assertInvalid("the options must come first", ImportClient.open(channel).name("a").end());
    assertInvalid(
        "the name of the first file must come before its content",
        ImportClient.open(channel).content("x").end());
    assertInvalid("the options must come first", ImportClient.open(channel).finish());
    assertInvalid(
        "a message is empty",
        ImportClient.open(channel)
            .send(geosearch.admin.v1.ImportFileRequest.getDefaultInstance())
            .end());
    assertInvalid(
        "the name of the first file must come before its content",
        ImportClient.open(channel).options("square").content("x").end());
    assertInvalid(
        "the options must come once",
        ImportClient.open(channel).options("square").name("a.geojson").options("b").end());
    assertInvalid("", ImportClient.open(channel).options("square").finish());
    assertEquals(List.of(), datasets());
  }

  @Test
  void importFile_callerGoesAway_changesNothingAndFreesTheLayer() throws Exception {
    String file = squares(0, 5_000);
    ImportClient gone =
        ImportClient.open(channel)
            .options("square")
            .name("squares.geojson")
            .content(file.substring(0, file.length() / 2));
    await().until(() -> !gone.progress().isEmpty());
    gone.cancel();

    await()
        .until(() -> {
          ImportClient next =
              ImportClient.open(channel)
                  .options("square")
                  .name("squares.geojson")
                  .content(squares(0, 1));
          return next.finish().isOk();
        });

    assertEquals(1, datasets().size());
    assertEquals(1, datasets().getFirst().getAreas());
  }

  @Test
  void importFile_whileTheServerCloses_changesNothing() throws Exception {
    ImportClient client =
        ImportClient.open(channel)
            .options("square")
            .name("squares.geojson")
            .content(squares(0, 1).substring(0, 20));

    server.close();

    assertFalse(client.end().isOk());
    assertEquals(List.of(), store.datasets().list());
  }

  @Test
  void importFile_notServed_reportsAndSaysSo() throws Exception {
    refreshed =
        (layer, timeout) -> {
          throw new TimeoutException("it has shrunk");
        };
    ImportClient client =
        ImportClient.open(channel).options("square").name("a.geojson").content(squares(0, 1));

    Status status = client.finish();

    assertEquals(Status.Code.FAILED_PRECONDITION, status.getCode());
    assertEquals(
        "version 1 of the layer square was imported, but this server goes on as before: it has"
            + " shrunk",
        status.getDescription());
    assertEquals(1, client.report().getDataset().getVersion());
  }

  @Test
  void importFile_fasterThanItIsRead_waitsAtTheCaller() throws Exception {
    CompletableFuture<Void> go = new CompletableFuture<>();
    CompletableFuture<Long> read = new CompletableFuture<>();
    try (Loopback loopback =
        Loopback.start(metrics ->
            new AdministrationGrpc.AdministrationImplBase() {
              @Override
              public StreamObserver<geosearch.admin.v1.ImportFileRequest> importFile(
                  StreamObserver<geosearch.admin.v1.ImportFileResponse> observer) {
                return new ImportCall(
                    (io.grpc.stub.ServerCallStreamObserver<geosearch.admin.v1.ImportFileResponse>)
                        observer,
                    java.util.concurrent.Executors.newSingleThreadExecutor(
                        Thread.ofPlatform().daemon().factory()),
                    reading(go, read));
              }
            })) {
      ImportClient client = ImportClient.open(loopback.channel()).options("a").name("a");
      String chunk = "x".repeat(32 << 10);
      long sent = 0;
      while (client.isReadyWithin(500)) {
        client.content(chunk);
        sent += chunk.length();
        assertTrue(sent < 16 << 20, "nobody reads, and it takes more and more");
      }

      go.complete(null);
      for (int i = 0; i < 500; i++) {
        while (!client.isReadyWithin(500)) {
          assertFalse(read.isDone());
        }
        client.content(chunk);
        sent += chunk.length();
      }
      assertTrue(client.finish().isOk());
      assertEquals(sent, read.get(10, TimeUnit.SECONDS));
    }
  }

  private static ImportCall.Import reading(
      CompletableFuture<Void> go, CompletableFuture<Long> read) {
    return new ImportCall.Import() {
      @Override
      public geosearch.load.ImportReport run(
          geosearch.load.ImportRequest request, UploadedFiles files, Importer.Progress progress) {
        go.join();
        try (InputStream content = files.next().open()) {
          read.complete(content.transferTo(java.io.OutputStream.nullOutputStream()));
        } catch (java.io.IOException e) {
          read.completeExceptionally(e);
        }
        return new geosearch.load.ImportReport(Optional.empty(), List.of(), List.of(), 0, 0);
      }

      @Override
      public void awaitServed(geosearch.store.Dataset dataset) {}
    };
  }

  // The other methods.

  @Test
  void datasets_activateKeepAndDelete_doSo() throws Exception {
    importSquares(3);
    importSquares(2);

    Dataset activated = administration.activateDataset(name("square", 1));
    assertTrue(activated.getActive());
    assertEquals(List.of("square", "square", "square"), served);

    Dataset kept =
        administration.keepDataset(
            KeepDatasetRequest.newBuilder().setName(name("square", 2)).setKeep(true).build());
    assertTrue(kept.getKeep());

    administration.deleteDataset(name("square", 2));
    assertEquals(List.of(1L), datasets().stream().map(Dataset::getVersion).toList());
  }

  @Test
  void datasets_whatIsNotThere_isNotFound() throws Exception {
    importSquares(1);

    assertFails(Status.Code.NOT_FOUND, () -> administration.activateDataset(name("square", 9)));
    assertFails(Status.Code.NOT_FOUND, () -> administration.deleteDataset(name("other", 1)));
    assertFails(
        Status.Code.NOT_FOUND,
        () ->
            administration.keepDataset(
                KeepDatasetRequest.newBuilder().setName(name("square", 9)).build()));
    assertFails(
        Status.Code.NOT_FOUND,
        () ->
            administration.acceptLayer(AcceptLayerRequest.newBuilder().setLayer("square").build()));
  }

  @Test
  void deleteDataset_active_isRefused() throws Exception {
    importSquares(1);

    assertFails(
        Status.Code.FAILED_PRECONDITION, () -> administration.deleteDataset(name("square", 1)));
  }

  private void importSquares(int count) throws Exception {
    ImportClient client = ImportClient.open(channel).options("square").name("a.geojson");
    String file = squares(0, count);
    for (int from = 0; from < file.length(); from += 60_000) {
      client.content(file.substring(from, Math.min(file.length(), from + 60_000)));
    }
    assertEquals(Status.Code.OK, client.finish().getCode());
  }

  private List<Dataset> datasets() {
    return administration.listDatasets(ListDatasetsRequest.getDefaultInstance()).getDatasetsList();
  }

  private static DatasetName name(String layer, long version) {
    return DatasetName.newBuilder().setLayer(layer).setVersion(version).build();
  }

  private static void assertInvalid(String description, Status status) {
    assertEquals(Status.Code.INVALID_ARGUMENT, status.getCode(), status::toString);
    assertTrue(String.valueOf(status.getDescription()).contains(description), status::toString);
  }

  /** Squares of a hundredth of a degree in a row, numbered. */
  private static String squares(int from, int to) {
    List<String> features = new ArrayList<>();
    for (int i = from; i < to; i++) {
      features.add(
          """
          {"type":"Feature","properties":{"no":%1$d},"geometry":{"type":"Polygon",
           "coordinates":[[[%2$s,0],[%3$s,0],[%3$s,1],[%2$s,1],[%2$s,0]]]}}
          """
              .formatted(i, i / 100.0, (i + 1) / 100.0));
    }
    return "{\"type\":\"FeatureCollection\",\"features\":[" + String.join(",", features) + "]}";
  }

  /** Calls a method of any sort with an empty message. */
  private static Status callEmpty(Channel channel, MethodDescriptor<?, ?> method) {
    MethodDescriptor<byte[], byte[]> raw =
        method.toBuilder(bytes(), bytes())
            .setType(MethodDescriptor.MethodType.SERVER_STREAMING)
            .build();
    try {
      ClientCalls.blockingServerStreamingCall(channel, raw, CallOptions.DEFAULT, new byte[0])
          .forEachRemaining(answer -> {});
      return Status.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus();
    }
  }

  private static MethodDescriptor.Marshaller<byte[]> bytes() {
    return new MethodDescriptor.Marshaller<>() {
      @Override
      public InputStream stream(byte[] value) {
        return new ByteArrayInputStream(value);
      }

      @Override
      public byte[] parse(InputStream stream) {
        return new byte[0];
      }
    };
  }
}
