package geosearch.rpc;

import geosearch.original.SearchGrpc;
import geosearch.original.SearchRequest;
import geosearch.original.SearchResponses;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.util.concurrent.CompletableFuture;

/** A call without a network, of which one learns how it ended. */
final class EndedCall extends ServerCall<SearchRequest, SearchResponses> {

  final CompletableFuture<Status> closed = new CompletableFuture<>();
  private volatile boolean cancelled;

  /** As if its caller had gone away. */
  void cancel() {
    cancelled = true;
  }

  @Override
  public void request(int numMessages) {}

  @Override
  public void sendHeaders(Metadata headers) {}

  @Override
  public void sendMessage(SearchResponses message) {}

  @Override
  public void close(Status status, Metadata trailers) {
    closed.complete(status);
  }

  @Override
  public boolean isCancelled() {
    return cancelled;
  }

  @Override
  public MethodDescriptor<SearchRequest, SearchResponses> getMethodDescriptor() {
    return SearchGrpc.getSearchMethod();
  }
}
