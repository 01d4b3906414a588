package geosearch.cli;

import com.google.protobuf.ByteString;
import geosearch.admin.v1.AdministrationGrpc.AdministrationStub;
import geosearch.admin.v1.ImportFileRequest;
import geosearch.admin.v1.ImportFileResponse;
import geosearch.admin.v1.Progress;
import geosearch.admin.v1.Report;
import geosearch.load.ImportRefusedException;
import geosearch.load.ImportReport;
import geosearch.load.ImportRequest;
import geosearch.load.ImportSource;
import geosearch.load.Importer;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Sends files to a server, as fast as it takes them, and gets its report. */
final class Upload implements ClientResponseObserver<ImportFileRequest, ImportFileResponse> {

  private static final int CHUNK_BYTES = 64 << 10;

  private final Importer.Progress progress;
  private @Nullable ClientCallStreamObserver<ImportFileRequest> call;
  private @Nullable Report report;
  private @Nullable StatusRuntimeException failure;
  private boolean ended;

  private Upload(Importer.Progress progress) {
    this.progress = progress;
  }

  /**
   * Imports files through a server.
   *
   * @throws ImportRefusedException if the server refuses the files; nothing has changed
   * @throws IOException if they can't be read; nothing has changed
   * @throws StatusRuntimeException if the call fails
   */
  static ImportReport run(
      AdministrationStub stub,
      ImportRequest request,
      List<ImportSource> sources,
      Importer.Progress progress)
      throws ImportRefusedException, IOException, InterruptedException {
    Upload upload = new Upload(progress);
    stub.importFile(upload);
    return upload.run(request, sources);
  }

  private ImportReport run(ImportRequest request, List<ImportSource> sources)
      throws ImportRefusedException, IOException, InterruptedException {
    ClientCallStreamObserver<ImportFileRequest> started = Objects.requireNonNull(call);
    try {
      send(
          ImportFileRequest.newBuilder()
              .setOptions(AdministrationMessages.options(request))
              .build());
      for (ImportSource source : sources) {
        send(source);
      }
    } catch (IOException | InterruptedException | RuntimeException e) {
      started.cancel("the files could not be read to their end", e);
      throw e;
    }
    started.onCompleted();
    return await();
  }

  private void send(ImportSource source) throws IOException, InterruptedException {
    byte[] chunk = new byte[CHUNK_BYTES];
    try (InputStream content = source.open()) {
      boolean wanted = send(ImportFileRequest.newBuilder().setFileName(source.name()).build());
      while (wanted) {
        int length = content.read(chunk);
        if (length < 0) {
          return;
        }
        wanted =
            send(
                ImportFileRequest.newBuilder()
                    .setContent(ByteString.copyFrom(chunk, 0, length))
                    .build());
      }
    }
  }

  /** Waits until the server takes more, and sends; or says no if it has ended the call. */
  private boolean send(ImportFileRequest message) throws InterruptedException {
    ClientCallStreamObserver<ImportFileRequest> started = Objects.requireNonNull(call);
    synchronized (this) {
      while (!started.isReady() && !ended) {
        wait();
      }
      if (ended) {
        return false;
      }
    }
    started.onNext(message);
    return true;
  }

  private synchronized ImportReport await() throws ImportRefusedException, InterruptedException {
    while (!ended) {
      wait();
    }
    if (report != null && !report.getRefusal().isEmpty()) {
      throw new ImportRefusedException(report.getRefusal(), AdministrationMessages.report(report));
    }
    if (failure != null) {
      throw failure;
    }
    if (report == null) {
      throw Status.INTERNAL.withDescription("it sent no report").asRuntimeException();
    }
    return AdministrationMessages.report(report);
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<ImportFileRequest> starting) {
    call = starting;
    starting.setOnReadyHandler(this::wake);
  }

  private synchronized void wake() {
    notifyAll();
  }

  @Override
  public void onNext(ImportFileResponse response) {
    if (response.hasProgress()) {
      Progress made = response.getProgress();
      progress.update(made.getBytes(), made.getFeatures());
    } else if (response.hasReport()) {
      synchronized (this) {
        report = response.getReport();
      }
    }
  }

  @Override
  public synchronized void onError(Throwable thrown) {
    failure = Status.fromThrowable(thrown).asRuntimeException();
    ended = true;
    notifyAll();
  }

  @Override
  public synchronized void onCompleted() {
    ended = true;
    notifyAll();
  }
}
