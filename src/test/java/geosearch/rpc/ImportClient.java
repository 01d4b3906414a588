package geosearch.rpc;

import com.google.protobuf.ByteString;
import geosearch.admin.v1.AdministrationGrpc;
import geosearch.admin.v1.ImportFileRequest;
import geosearch.admin.v1.ImportFileResponse;
import geosearch.admin.v1.ImportOptions;
import geosearch.admin.v1.Report;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A caller of ImportFile, message by message. */
final class ImportClient implements ClientResponseObserver<ImportFileRequest, ImportFileResponse> {

  final List<ImportFileResponse> responses = new CopyOnWriteArrayList<>();
  private volatile @Nullable Throwable failure;
  private final CompletableFuture<Status> end = new CompletableFuture<>();
  private final Semaphore ready = new Semaphore(0);
  private ClientCallStreamObserver<ImportFileRequest> call;

  static ImportClient open(Channel channel) {
    ImportClient client = new ImportClient();
    AdministrationGrpc.newStub(channel).importFile(client);
    return client;
  }

  ImportClient options(String layer) {
    return options(ImportOptions.newBuilder().setLayer(layer).setIdProperty("no").build());
  }

  ImportClient options(ImportOptions options) {
    return send(ImportFileRequest.newBuilder().setOptions(options).build());
  }

  ImportClient name(String name) {
    return send(ImportFileRequest.newBuilder().setFileName(name).build());
  }

  ImportClient content(String content) {
    return send(
        ImportFileRequest.newBuilder().setContent(ByteString.copyFromUtf8(content)).build());
  }

  ImportClient send(ImportFileRequest message) {
    call.onNext(message);
    return this;
  }

  /** Whether the server takes more within that time. */
  boolean isReadyWithin(long millis) throws InterruptedException {
    if (call.isReady()) {
      return true;
    }
    ready.tryAcquire(millis, TimeUnit.MILLISECONDS);
    return call.isReady();
  }

  void cancel() {
    call.cancel("the test gives up", null);
  }

  /** Ends the files and waits for the end of the call. */
  Status finish() throws Exception {
    complete();
    return end();
  }

  /** Ends the files. */
  void complete() {
    call.onCompleted();
  }

  /** What the call has failed with, with its details. */
  StatusRuntimeException failure() {
    return (StatusRuntimeException) Objects.requireNonNull(failure, "it has not failed");
  }

  Status end() throws Exception {
    return end.get(20, TimeUnit.SECONDS);
  }

  /** The report, which is the last message. */
  Report report() {
    return responses.getLast().getReport();
  }

  List<ImportFileResponse> progress() {
    return new ArrayList<>(responses.stream().filter(ImportFileResponse::hasProgress).toList());
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<ImportFileRequest> starting) {
    call = starting;
    starting.setOnReadyHandler(ready::release);
  }

  @Override
  public void onNext(ImportFileResponse response) {
    responses.add(response);
  }

  @Override
  public void onError(Throwable thrown) {
    failure = thrown;
    end.complete(Status.fromThrowable(thrown));
  }

  @Override
  public void onCompleted() {
    end.complete(Status.OK);
  }
}
