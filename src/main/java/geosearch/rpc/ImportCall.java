package geosearch.rpc;

import com.google.rpc.Code;
import geosearch.admin.v1.ImportFileRequest;
import geosearch.admin.v1.ImportFileResponse;
import geosearch.admin.v1.Progress;
import geosearch.load.ImportRefusedException;
import geosearch.load.ImportReport;
import geosearch.load.ImportRequest;
import geosearch.store.Dataset;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/**
 * One call of ImportFile. What comes in is handed through {@link UploadedFiles} to a thread that
 * imports, and from the first file on that thread alone answers. If the caller goes away, it is
 * interrupted, and its transaction rolled back.
 */
final class ImportCall implements StreamObserver<ImportFileRequest> {

  private static final String METHOD = "ImportFile";

  /** Trailing metadata is small: the report has the whole of it. */
  private static final int DESCRIPTION_CHARACTERS = 500;

  private final ServerCallStreamObserver<ImportFileResponse> call;
  private final ExecutorService threads;
  private final Import importing;
  private final UploadedFiles files;
  private Optional<Future<?>> running = Optional.empty();
  private boolean named;
  private boolean over;

  /** Imports files, and waits until they are served. */
  interface Import {
    ImportReport run(
        ImportRequest request, UploadedFiles files, geosearch.load.Importer.Progress progress)
        throws ImportRefusedException;

    void awaitServed(Dataset dataset) throws InterruptedException;
  }

  ImportCall(
      ServerCallStreamObserver<ImportFileResponse> call,
      ExecutorService threads,
      Import importing) {
    this.call = call;
    this.threads = threads;
    this.importing = importing;
    this.files = new UploadedFiles(() -> call.request(1));
    call.disableAutoRequest();
    call.setOnCancelHandler(this::cancel);
    call.request(1);
  }

  @Override
  public void onNext(ImportFileRequest part) {
    if (over) {
      return;
    }
    switch (part.getPartCase()) {
      case OPTIONS -> begin(part);
      case FILE_NAME -> {
        named = true;
        put(() -> files.putName(part.getFileName()));
      }
      case CONTENT -> {
        if (named) {
          files.putContent(part.getContent());
        } else {
          refuse("the name of the first file must come before its content");
        }
      }
      case PART_NOT_SET -> refuse("a message is empty");
    }
  }

  private void begin(ImportFileRequest part) {
    if (running.isPresent()) {
      refuse("the options must come once");
      return;
    }
    ImportRequest request;
    try {
      request = DatasetMessages.request(part.getOptions());
    } catch (io.grpc.StatusRuntimeException e) {
      over = true;
      call.onError(e);
      return;
    }
    running = Optional.of(threads.submit(() -> run(request)));
    call.request(UploadedFiles.AHEAD);
  }

  private void put(Runnable part) {
    if (running.isPresent()) {
      part.run();
    } else {
      refuse("the options must come first");
    }
  }

  private void refuse(String reason) {
    over = true;
    if (running.isPresent()) {
      files.putBroken(reason);
    } else {
      call.onError(Details.badCall(reason));
    }
  }

  @Override
  public void onError(Throwable failure) {
    cancel();
  }

  @Override
  public void onCompleted() {
    if (!over) {
      over = true;
      put(files::putEnd);
    }
  }

  private void cancel() {
    files.putBroken("the caller went away");
    running.ifPresent(thread -> thread.cancel(true));
  }

  private void run(ImportRequest request) {
    try {
      ImportReport report = importing.run(request, files, this::tell);
      call.onNext(
          ImportFileResponse.newBuilder().setReport(DatasetMessages.report(report)).build());
      if (report.dataset().isPresent()) {
        importing.awaitServed(report.dataset().get());
      }
      call.onCompleted();
    } catch (ImportRefusedException e) {
      refused(e);
    } catch (InterruptedException | CancellationException e) {
      Thread.currentThread().interrupt();
      failed(Details.unavailable("the server is stopping"));
    } catch (RuntimeException | Error e) {
      failed(e);
    }
  }

  private void tell(long bytesRead, long features) {
    if (call.isCancelled()) {
      throw new CancellationException();
    }
    // Who does not read fast enough misses a few: each says all that the one before said.
    if (call.isReady()) {
      call.onNext(
          ImportFileResponse.newBuilder()
              .setProgress(Progress.newBuilder().setBytes(bytesRead).setFeatures(features))
              .build());
    }
  }

  private void refused(ImportRefusedException refusal) {
    String reason = String.valueOf(refusal.getMessage());
    call.onNext(
        ImportFileResponse.newBuilder()
            .setReport(DatasetMessages.report(refusal.report()).setRefusal(reason))
            .build());
    call.onError(
        Details.of(
            Code.INVALID_ARGUMENT,
            "FILE_REFUSED",
            Violations.shortened(reason, DESCRIPTION_CHARACTERS)));
  }

  private void failed(Throwable failure) {
    if (!call.isCancelled()) {
      call.onError(Failures.answer(METHOD, failure));
    }
  }
}
