package geosearch.load;

import geosearch.store.Store;
import geosearch.store.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * One import under way. One thread reads the files, some check outlines, and one writes into the
 * store, in the order of the files. What lies between the first and the last is bounded by its
 * memory, so the heap does not grow with the files.
 *
 * <p>The thread that writes is never interrupted: an interrupt in the middle of a write closes the
 * embedded store's file for everybody. It finds the mark that ends the import in the queue instead.
 */
final class ImportRun implements AutoCloseable {

  private static final Duration PROGRESS_INTERVAL = Duration.ofMillis(200);

  /** How long the reader may take to notice that it is no longer wanted. */
  private static final Duration READER_END = Duration.ofSeconds(2);

  private final ImportRequest request;
  private final ImportLimits limits;
  private final Store store;
  private final Importer.Progress progress;
  private final OutlineCheck check;
  private final Semaphore memory;
  private final BlockingDeque<Future<Batch>> queue = new LinkedBlockingDeque<>();
  private final ExecutorService reader = executor("import-read", 1);
  private final ExecutorService checkers =
      executor("import-check", Runtime.getRuntime().availableProcessors());
  private final ExecutorService writer = executor("import-write", 1);
  private volatile boolean cancelled;
  private long lastProgress = System.nanoTime() - PROGRESS_INTERVAL.toNanos();

  ImportRun(ImportRequest request, ImportLimits limits, Store store, Importer.Progress progress) {
    this.request = request;
    this.limits = limits;
    this.store = store;
    this.progress = progress;
    this.check = new OutlineCheck(request.repair());
    this.memory = new Semaphore(limits.memoryUnderWay());
  }

  /** Imports the files; as {@link Importer#run}. */
  ImportReport run(Iterable<ImportSource> sources) throws ImportRefusedException {
    reader.execute(() -> read(sources));
    Future<ImportReport> report = writer.submit(this::importAll);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return report.get();
        } catch (InterruptedException e) {
          interrupted = true;
          cancel();
        } catch (ExecutionException e) {
          throw unwrapped(e);
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Stops all threads; the writer has ended before. */
  @Override
  public void close() {
    cancelled = true;
    reader.shutdownNow();
    checkers.shutdownNow();
    writer.shutdown();
    boolean interrupted = Thread.interrupted();
    try {
      // A reader that waits for a terminal can't be woken; its thread does not keep the JVM alive.
      reader.awaitTermination(READER_END.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void cancel() {
    cancelled = true;
    queue.addFirst(CompletableFuture.failedFuture(interrupted()));
  }

  private void read(Iterable<ImportSource> sources) {
    try {
      new BatchReader(request, limits, this::hand).read(sources);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Throwable e) { // whatever it is, the writer must not wait for it
      queue.add(CompletableFuture.failedFuture(e));
    }
  }

  private void hand(Batch batch) throws InterruptedException {
    memory.acquire(batch.memory());
    queue.add(checkers.submit(() -> checked(batch)));
  }

  private Batch checked(Batch batch) {
    List<Feature> features = new ArrayList<>(batch.features().size());
    for (Feature feature : batch.features()) {
      if (cancelled) {
        break;
      }
      features.add(
          feature instanceof Feature.Candidate candidate ? check.check(candidate) : feature);
    }
    return new Batch(features, batch.bytesRead(), batch.memory(), batch.end());
  }

  private ImportReport importAll() throws Exception {
    try (LayerWriter layer = new LayerWriter(request, store)) {
      try {
        return write(layer);
      } catch (FileRefusedException e) {
        throw new ImportRefusedException(e.reason(), layer.report());
      } catch (StoreException e) {
        if (e.kind() == StoreException.Kind.REFUSED) {
          String message = layer.explained(String.valueOf(e.getMessage()));
          throw new ImportRefusedException(message, layer.report());
        }
        throw e;
      }
    }
  }

  private ImportReport write(LayerWriter layer) throws Exception {
    while (true) {
      Batch batch = take();
      for (Feature feature : batch.features()) {
        layer.add(feature);
      }
      memory.release(batch.memory());
      tell(batch, layer.features());
      if (batch.end() != null) {
        throwIfCancelled();
        return layer.finish(batch.end());
      }
    }
  }

  private Batch take() throws Exception {
    Future<Batch> next = queue.take();
    try {
      Batch batch = next.get();
      throwIfCancelled();
      return batch;
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case Exception cause -> throw cause;
        case Error cause -> throw cause;
        case null, default -> throw e;
      }
    }
  }

  private void throwIfCancelled() throws FileRefusedException {
    if (cancelled) {
      throw interrupted();
    }
  }

  private static FileRefusedException interrupted() {
    return new FileRefusedException("the import was interrupted");
  }

  private void tell(Batch batch, long features) {
    long now = System.nanoTime();
    if (batch.end() != null || now - lastProgress >= PROGRESS_INTERVAL.toNanos()) {
      lastProgress = now;
      progress.update(batch.bytesRead(), features);
    }
  }

  private static ImportRefusedException unwrapped(ExecutionException e) {
    return switch (e.getCause()) {
      case ImportRefusedException refused -> refused;
      case RuntimeException unforeseen -> throw unforeseen;
      case Error error -> throw error;
      case null, default -> throw new IllegalStateException(e);
    };
  }

  private static ExecutorService executor(String name, int threads) {
    return Executors.newFixedThreadPool(
        threads, Thread.ofPlatform().daemon().name(name + "-", 1).factory());
  }
}
