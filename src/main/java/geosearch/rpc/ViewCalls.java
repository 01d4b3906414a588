package geosearch.rpc;

import geosearch.atlas.Atlas;
import geosearch.atlas.Snapshot;
import geosearch.atlas.View;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Answers calls of one request and one response from what the atlas knows: at once on the thread
 * that brings the request unless the request is heavy, or later where it needs a change that isn't
 * known yet or states that are not served.
 */
final class ViewCalls {

  /** Answers a request from memory. */
  @FunctionalInterface
  interface Method<RequestT, ResponseT> {

    /**
     * @param view to answer from
     * @param trailers is sent after the response
     * @throws io.grpc.StatusRuntimeException to answer with an error
     * @throws AwaitsGenerationException to be called again when a change is in the view
     * @throws AwaitsStatesException to be called again when states are in the view
     */
    ResponseT call(RequestT request, View view, Metadata trailers);
  }

  /** What is served when it is asked. */
  private final Supplier<View> served;

  private final HeavyCalls threads;
  private final GenerationWaits generations;
  private final StateWaits states;

  /**
   * @param threads answer what is heavy
   * @param generations where those calls wait that need a change of zones which isn't known yet
   * @param states where those do that need states which are not served
   */
  ViewCalls(Atlas atlas, HeavyCalls threads, GenerationWaits generations, StateWaits states) {
    this.served = () -> LoadedView.of(atlas);
    this.threads = threads;
    this.generations = generations;
    this.states = states;
  }

  /**
   * Handles the calls of a method.
   *
   * @param heavy which requests take long
   */
  <RequestT, ResponseT> UnaryHandler<RequestT, ResponseT> handler(
      Predicate<RequestT> heavy, Method<RequestT, ResponseT> method) {
    return UnaryHandler.of(new Answers<>(heavy, method));
  }

  private final class Answers<RequestT, ResponseT>
      implements UnaryHandler.Answers<RequestT, ResponseT> {
    private final Predicate<RequestT> heavy;
    private final Method<RequestT, ResponseT> method;

    Answers(Predicate<RequestT> heavy, Method<RequestT, ResponseT> method) {
      this.heavy = heavy;
      this.method = method;
    }

    @Override
    public void answer(ServerCall<RequestT, ResponseT> call, RequestT request) {
      begin(call, request, served);
    }

    private void begin(
        ServerCall<RequestT, ResponseT> call, RequestT request, Supplier<View> view) {
      if (heavy.test(request)) {
        threads.run(call, () -> answer(call, request, view.get()));
      } else {
        answer(call, request, view.get());
      }
    }

    private void answer(ServerCall<RequestT, ResponseT> call, RequestT request, View view) {
      Metadata trailers = new Metadata();
      ResponseT response;
      try {
        response = method.call(request, view, trailers);
      } catch (AwaitsGenerationException e) {
        generations.await(call, e.generation(), () -> answer(call, request));
        return;
      } catch (AwaitsStatesException e) {
        Optional<List<Snapshot>> known =
            states.await(call, e.wanted(), found -> begin(call, request, () -> view.with(found)));
        known.ifPresent(found -> answer(call, request, view.with(found)));
        return;
      }
      UnaryHandler.send(call, response, trailers);
    }
  }
}
