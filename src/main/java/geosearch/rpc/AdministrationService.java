package geosearch.rpc;

import com.google.protobuf.Empty;
import com.google.rpc.Code;
import geosearch.admin.v1.AcceptLayerRequest;
import geosearch.admin.v1.AcceptStoreRequest;
import geosearch.admin.v1.AdministrationGrpc;
import geosearch.admin.v1.Dataset;
import geosearch.admin.v1.DatasetName;
import geosearch.admin.v1.DeleteLayerRequest;
import geosearch.admin.v1.ExportLayerRequest;
import geosearch.admin.v1.ExportLayerResponse;
import geosearch.admin.v1.ImportFileRequest;
import geosearch.admin.v1.ImportFileResponse;
import geosearch.admin.v1.KeepDatasetRequest;
import geosearch.admin.v1.ListDatasetsRequest;
import geosearch.admin.v1.ListDatasetsResponse;
import geosearch.load.ImportRefusedException;
import geosearch.load.ImportReport;
import geosearch.load.ImportRequest;
import geosearch.load.Importer;
import geosearch.store.LayerState;
import geosearch.store.Store;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What the commands {@code import}, {@code export} and {@code datasets} ask of the server that owns
 * an embedded store; {@code administration.proto} says what is promised. Its methods wait for the
 * store on the thread that calls them.
 */
final class AdministrationService extends AdministrationGrpc.AdministrationImplBase {

  /** Long enough to load what is large; a caller's deadline may be shorter. */
  private static final Duration SERVED_WAIT = Duration.ofMinutes(2);

  private final Store store;
  private final Importer importer;
  private final Refreshed refreshed;
  private final ExecutorService threads;

  /**
   * @param threads for imports and exports
   */
  AdministrationService(
      Store store, Importer importer, Refreshed refreshed, ExecutorService threads) {
    this.store = store;
    this.importer = importer;
    this.refreshed = refreshed;
    this.threads = threads;
  }

  @Override
  public StreamObserver<ImportFileRequest> importFile(StreamObserver<ImportFileResponse> observer) {
    return new ImportCall(
        (ServerCallStreamObserver<ImportFileResponse>) observer, threads, new StoreImport());
  }

  private final class StoreImport implements ImportCall.Import {
    @Override
    public ImportReport run(ImportRequest request, UploadedFiles files, Importer.Progress progress)
        throws ImportRefusedException {
      return importer.run(request, () -> files, store, progress);
    }

    @Override
    public void awaitServed(geosearch.store.Dataset dataset) throws InterruptedException {
      AdministrationService.this.awaitServed(
          dataset.layer(),
          "version %d of the layer %s was imported".formatted(dataset.version(), dataset.layer()));
    }
  }

  @Override
  public void exportLayer(
      ExportLayerRequest request, StreamObserver<ExportLayerResponse> observer) {
    ExportCall export = new ExportCall((ServerCallStreamObserver<ExportLayerResponse>) observer);
    threads.execute(() -> export.run(sink -> store.read(request.getLayer(), sink)));
  }

  @Override
  public void listDatasets(
      ListDatasetsRequest request, StreamObserver<ListDatasetsResponse> observer) {
    ListDatasetsResponse.Builder response = ListDatasetsResponse.newBuilder();
    store.datasets().list().forEach(each -> response.addDatasets(DatasetMessages.dataset(each)));
    answer(observer, response.build());
  }

  @Override
  public void activateDataset(DatasetName name, StreamObserver<Dataset> observer) {
    geosearch.store.Dataset activated =
        store.datasets().activate(name.getLayer(), name.getVersion());
    awaitServedOrStop(
        name.getLayer(),
        "version %d of the layer %s was activated".formatted(name.getVersion(), name.getLayer()));
    answer(observer, DatasetMessages.dataset(activated));
  }

  @Override
  public void deleteDataset(DatasetName name, StreamObserver<Empty> observer) {
    // The active version can't be deleted, so no answer changes.
    store.datasets().delete(name.getLayer(), name.getVersion());
    answer(observer, Empty.getDefaultInstance());
  }

  @Override
  public void deleteLayer(DeleteLayerRequest request, StreamObserver<Empty> observer) {
    store.datasets().deleteLayer(request.getLayer());
    awaitServedOrStop(request.getLayer(), "the layer %s was deleted".formatted(request.getLayer()));
    answer(observer, Empty.getDefaultInstance());
  }

  @Override
  public void keepDataset(KeepDatasetRequest request, StreamObserver<Dataset> observer) {
    DatasetName name = request.getName();
    answer(
        observer,
        DatasetMessages.dataset(
            store.datasets().keep(name.getLayer(), name.getVersion(), request.getKeep())));
  }

  @Override
  public void acceptLayer(AcceptLayerRequest request, StreamObserver<Empty> observer) {
    store.datasets().accept(request.getLayer());
    awaitServedOrStop(
        request.getLayer(),
        "the present state of the layer %s was accepted".formatted(request.getLayer()));
    answer(observer, Empty.getDefaultInstance());
  }

  @Override
  public void acceptStore(AcceptStoreRequest request, StreamObserver<Empty> observer) {
    store.accept();
    for (LayerState state : store.layers()) {
      awaitServedOrStop(state.layer().name(), "the store was accepted");
    }
    answer(observer, Empty.getDefaultInstance());
  }

  private void awaitServedOrStop(String layer, String done) {
    try {
      awaitServed(layer, done);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Details.unavailable("the server is stopping");
    }
  }

  private void awaitServed(String layer, String done) throws InterruptedException {
    try {
      refreshed.await(layer, timeToServe());
    } catch (TimeoutException e) {
      throw Details.of(
          Code.FAILED_PRECONDITION,
          "NOT_SERVED",
          "%s, but this server goes on as before: %s".formatted(done, e.getMessage()));
    }
  }

  private static Duration timeToServe() {
    Deadline deadline = Context.current().getDeadline();
    if (deadline == null) {
      return SERVED_WAIT;
    }
    // Less than what is left: there should be time to say what has happened.
    Duration left = Duration.ofNanos(deadline.timeRemaining(TimeUnit.NANOSECONDS) / 10 * 9);
    return left.compareTo(SERVED_WAIT) < 0 ? left : SERVED_WAIT;
  }

  private static <ResponseT> void answer(StreamObserver<ResponseT> observer, ResponseT response) {
    observer.onNext(response);
    observer.onCompleted();
  }
}
