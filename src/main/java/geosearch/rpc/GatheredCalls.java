package geosearch.rpc;

import io.grpc.Context;
import io.grpc.ServerCall;
import io.grpc.netty.shaded.io.netty.util.concurrent.EventExecutor;
import io.grpc.netty.shaded.io.netty.util.internal.ThreadExecutorMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Answers calls that came together one after another, when all of them have been read.
 *
 * <p>A thread of the network takes what its connections have for it, some hundred calls where much
 * is asked, and then does what else it has to do. If each call is answered as it is read, it waits
 * for each place in the memory where its position leads, and of what reads calls and what answers
 * them, one pushes the other out of the processor's caches again and again. Here the calls wait
 * until the thread has read them all; then what they need can be read for all of them at once, so
 * that those waits overlap, and they are answered. A call that came alone is answered as soon as
 * before.
 */
final class GatheredCalls<RequestT> {

  /** So many are answered though there may be more: for long no answer would go out otherwise. */
  static final int MOST = 256;

  /** A call whose request has been read. */
  private record Waiting<RequestT>(
      ServerCall<RequestT, ?> call, RequestT request, Context context, Runnable work)
      implements Runnable {

    @Override
    public void run() {
      CallGuard.answer(call, work);
    }
  }

  private final Consumer<List<RequestT>> readAhead;
  private final ThreadLocal<Optional<OfThread>> here = ThreadLocal.withInitial(this::ofThread);

  /**
   * @param readAhead is told of the requests of calls that came together before they are answered,
   *     for it to read what they will need; two at least
   */
  GatheredCalls(Consumer<List<RequestT>> readAhead) {
    this.readAhead = readAhead;
  }

  /**
   * Answers a call soon on this thread, in the context in which this is called: at once if it is
   * none of the network's.
   *
   * @param work sends the answer; what it throws becomes the answer
   */
  void add(ServerCall<RequestT, ?> call, RequestT request, Runnable work) {
    Optional<OfThread> thread = here.get();
    if (thread.isPresent()) {
      thread.get().add(new Waiting<>(call, request, Context.current(), work));
    } else {
      work.run();
    }
  }

  /** Netty knows which of its executors a thread belongs to, and has no other way to ask. */
  private Optional<OfThread> ofThread() {
    return Optional.ofNullable(ThreadExecutorMap.currentExecutor()).map(OfThread::new);
  }

  /** The calls that one thread has read. */
  private final class OfThread {
    private final EventExecutor executor;
    private List<Waiting<RequestT>> waiting = new ArrayList<>();

    OfThread(EventExecutor executor) {
      this.executor = executor;
    }

    void add(Waiting<RequestT> call) {
      if (waiting.isEmpty()) {
        executor.execute(this::answer);
      }
      waiting.add(call);
      if (waiting.size() == MOST) {
        answer();
      }
    }

    private void answer() {
      List<Waiting<RequestT>> calls = waiting;
      waiting = new ArrayList<>();
      try {
        if (calls.size() > 1) {
          readAhead.accept(calls.stream().map(Waiting::request).toList());
        }
      } catch (RuntimeException | Error e) {
        calls.forEach(waiting -> CallGuard.close(waiting.call, e));
        return;
      }
      for (Waiting<RequestT> call : calls) {
        call.context.run(call);
      }
    }
  }
}
