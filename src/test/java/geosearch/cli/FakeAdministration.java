package geosearch.cli;

import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import geosearch.admin.v1.AcceptLayerRequest;
import geosearch.admin.v1.AcceptStoreRequest;
import geosearch.admin.v1.AdministrationGrpc;
import geosearch.admin.v1.Dataset;
import geosearch.admin.v1.DatasetName;
import geosearch.admin.v1.ImportFileRequest;
import geosearch.admin.v1.ImportFileResponse;
import geosearch.admin.v1.ImportOptions;
import geosearch.admin.v1.KeepDatasetRequest;
import geosearch.admin.v1.ListDatasetsRequest;
import geosearch.admin.v1.ListDatasetsResponse;
import geosearch.admin.v1.Progress;
import geosearch.admin.v1.Report;
import geosearch.rpc.AdministrationEndpoint;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;

/** A server's administration that writes down what it is asked. */
final class FakeAdministration extends AdministrationGrpc.AdministrationImplBase
    implements AutoCloseable {

  private static final Dataset DATASET =
      Dataset.newBuilder()
          .setLayer("a")
          .setVersion(7)
          .setSource("far away")
          .setAreas(2)
          .setVertices(10)
          .setChecksum("0123456789abcdef")
          .setActive(true)
          .build();

  /** What an import is answered, and when. */
  enum Answer {
    REPORT_AT_THE_END,
    REFUSAL_AFTER_THE_OPTIONS,
    GONE_AFTER_THE_OPTIONS
  }

  final List<String> calls = new CopyOnWriteArrayList<>();
  final List<String> files = new CopyOnWriteArrayList<>();
  final CountDownLatch cancelled = new CountDownLatch(1);
  volatile Answer answer = Answer.REPORT_AT_THE_END;
  volatile ByteString content = ByteString.EMPTY;
  volatile ImportOptions options = ImportOptions.getDefaultInstance();
  private final Server server;
  private final String token;

  /** Listens on the loopback address. */
  FakeAdministration(String token) throws IOException {
    this.token = token;
    this.server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(this)
            .intercept(new TokenCheck())
            .build()
            .start();
  }

  /** Leaves word in the folder of a store, changed as a test wants. */
  void announce(Path folder, UnaryOperator<AdministrationEndpoint> change) throws IOException {
    Files.createDirectories(folder);
    change
        .apply(new AdministrationEndpoint(server.getPort(), token, ProcessHandle.current().pid()))
        .write(folder);
  }

  @Override
  public StreamObserver<ImportFileRequest> importFile(StreamObserver<ImportFileResponse> observer) {
    ((ServerCallStreamObserver<ImportFileResponse>) observer)
        .setOnCancelHandler(cancelled::countDown);
    return new StreamObserver<>() {
      @Override
      public void onNext(ImportFileRequest request) {
        switch (request.getPartCase()) {
          case OPTIONS -> {
            options = request.getOptions();
            answerOptions(observer);
          }
          case FILE_NAME -> files.add(request.getFileName());
          case CONTENT -> content = content.concat(request.getContent());
          case PART_NOT_SET -> throw new AssertionError();
        }
      }

      @Override
      public void onError(Throwable thrown) {}

      @Override
      public void onCompleted() {
        if (answer == Answer.REPORT_AT_THE_END) {
          observer.onNext(
              ImportFileResponse.newBuilder()
                  .setProgress(Progress.newBuilder().setBytes(content.size()).setFeatures(2))
                  .build());
          observer.onNext(report(Report.newBuilder().setDataset(DATASET)));
          observer.onCompleted();
        }
      }
    };
  }

  private void answerOptions(StreamObserver<ImportFileResponse> observer) {
    switch (answer) {
      case REPORT_AT_THE_END -> {}
      case REFUSAL_AFTER_THE_OPTIONS -> {
        observer.onNext(report(Report.newBuilder().setRefusal("no polygon in it")));
        observer.onError(Status.INVALID_ARGUMENT.asRuntimeException());
      }
      case GONE_AFTER_THE_OPTIONS ->
          observer.onError(
              Status.UNAVAILABLE.withDescription("the server is stopping").asRuntimeException());
    }
  }

  private static ImportFileResponse report(Report.Builder report) {
    return ImportFileResponse.newBuilder().setReport(report).build();
  }

  @Override
  public void listDatasets(
      ListDatasetsRequest request, StreamObserver<ListDatasetsResponse> observer) {
    calls.add("list");
    answer(observer, ListDatasetsResponse.newBuilder().addDatasets(DATASET).build());
  }

  @Override
  public void activateDataset(DatasetName request, StreamObserver<Dataset> observer) {
    calls.add("activate " + request.getLayer() + " " + request.getVersion());
    answer(observer, DATASET);
  }

  @Override
  public void deleteDataset(DatasetName request, StreamObserver<Empty> observer) {
    calls.add("delete " + request.getLayer() + " " + request.getVersion());
    observer.onError(
        Status.NOT_FOUND.withDescription("the layer a has no version 9").asRuntimeException());
  }

  @Override
  public void keepDataset(KeepDatasetRequest request, StreamObserver<Dataset> observer) {
    calls.add("keep " + request.getName().getVersion() + " " + request.getKeep());
    answer(observer, DATASET);
  }

  @Override
  public void acceptLayer(AcceptLayerRequest request, StreamObserver<Empty> observer) {
    calls.add("accept " + request.getLayer());
    answer(observer, Empty.getDefaultInstance());
  }

  @Override
  public void acceptStore(AcceptStoreRequest request, StreamObserver<Empty> observer) {
    calls.add("accept the store");
    answer(observer, Empty.getDefaultInstance());
  }

  private static <T> void answer(StreamObserver<T> observer, T message) {
    observer.onNext(message);
    observer.onCompleted();
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  private final class TokenCheck implements ServerInterceptor {
    @Override
    public <A, B> ServerCall.Listener<A> interceptCall(
        ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
      String given =
          headers.get(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER));
      if (("Bearer " + token).equals(given)) {
        return next.startCall(call, headers);
      }
      call.close(Status.UNAUTHENTICATED, new Metadata());
      return new ServerCall.Listener<>() {};
    }
  }
}
