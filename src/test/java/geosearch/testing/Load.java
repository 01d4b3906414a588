package geosearch.testing;

import geosearch.original.SearchGrpc;
import geosearch.original.SearchRequest;
import geosearch.original.SearchResponses;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Clients that ask the same question again and again, and note every answer that is not the
 * expected one.
 */
public final class Load implements AutoCloseable {

  private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicLong answered = new AtomicLong();
  private final ConcurrentHashMap<String, Long> failures = new ConcurrentHashMap<>();
  private volatile boolean going = true;

  private Load() {}

  /** Starts clients, each with one call at a time. */
  public static Load start(
      ManagedChannel channel, int clients, SearchRequest request, SearchResponses expected) {
    Load load = new Load();
    SearchGrpc.SearchBlockingStub search = SearchGrpc.newBlockingStub(channel);
    for (int i = 0; i < clients; i++) {
      load.clients.execute(() -> load.ask(search, request, expected));
    }
    return load;
  }

  private void ask(
      SearchGrpc.SearchBlockingStub search, SearchRequest request, SearchResponses expected) {
    while (going) {
      try {
        SearchResponses answer = search.withDeadlineAfter(Duration.ofSeconds(10)).search(request);
        if (answer.equals(expected)) {
          answered.incrementAndGet();
        } else {
          failures.merge("wrong answer: " + answer, 1L, Long::sum);
        }
      } catch (StatusRuntimeException e) {
        failures.merge(e.getStatus().toString(), 1L, Long::sum);
      }
    }
  }

  /** How many calls have been answered rightly. */
  public long answered() {
    return answered.get();
  }

  /** Every other outcome, with how often it came. */
  public List<String> failures() {
    List<String> list = new ArrayList<>();
    failures.forEach((what, count) -> list.add(count + " × " + what));
    return list;
  }

  /** Ends the clients. */
  @Override
  public void close() {
    going = false;
    clients.shutdown();
    try {
      if (!clients.awaitTermination(20, TimeUnit.SECONDS)) {
        throw new IllegalStateException("a call did not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
