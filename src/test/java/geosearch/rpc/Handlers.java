package geosearch.rpc;

import com.google.protobuf.Empty;
import geosearch.original.MonitorResponse;
import geosearch.original.SearchGrpc;
import geosearch.original.SearchRequest;
import geosearch.original.SearchResponses;
import io.grpc.stub.StreamObserver;
import java.util.function.Consumer;

/** Services whose methods do what a test wants. */
final class Handlers {

  private Handlers() {}

  /** A service Search whose method monitor is answered so. */
  static SearchGrpc.SearchImplBase monitor(Consumer<StreamObserver<MonitorResponse>> method) {
    return new SearchGrpc.SearchImplBase() {
      @Override
      public void monitor(Empty request, StreamObserver<MonitorResponse> observer) {
        method.accept(observer);
      }

      @Override
      public void search(SearchRequest request, StreamObserver<SearchResponses> observer) {
        observer.onNext(SearchResponses.getDefaultInstance());
        observer.onCompleted();
      }
    };
  }

  static void answer(StreamObserver<MonitorResponse> observer, int things) {
    observer.onNext(MonitorResponse.newBuilder().setNThings(things).build());
    observer.onCompleted();
  }
}
