package geosearch.rpc;

import geosearch.config.ServerConfig;
import io.grpc.Attributes;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerTransportFilter;
import java.time.Duration;
import java.util.Objects;

/**
 * Notes when each connection began, for calls that go on for long: they have to end before the
 * connection is cut off for its age.
 *
 * <p>The transport sends a connection away some tenth of its greatest age before or after it has
 * reached it, and doesn't say when. So from a tenth before, a call that goes on ends after half of
 * the grace at the latest: whenever the transport does it, the call is over before it is cut off.
 */
final class ConnectionAge extends ServerTransportFilter {

  private static final Attributes.Key<Long> END = Attributes.Key.create("geosearch-end-of-calls");
  private static final Attributes.Key<Long> GRACE = Attributes.Key.create("geosearch-grace");

  private static final Context.Key<Duration> LEFT = Context.key("geosearch-left");

  private final long age;
  private final long grace;

  ConnectionAge(ServerConfig config) {
    this.age = config.maxConnectionAge().toNanos() / 10 * 9;
    this.grace = config.maxConnectionAgeGrace().toNanos() / 2;
  }

  @Override
  public Attributes transportReady(Attributes attributes) {
    return attributes.toBuilder().set(END, System.nanoTime() + age).set(GRACE, grace).build();
  }

  /**
   * How long a call that begins now may go on.
   *
   * @param connection the attributes of its connection
   */
  static Duration left(Attributes connection) {
    Long end = connection.get(END);
    Long grace = connection.get(GRACE);
    return end == null || grace == null
        ? Duration.ofDays(365)
        : Duration.ofNanos(Math.max(end - System.nanoTime(), grace));
  }

  /** Lets methods ask for {@link #left()} and {@link Callers#current()}. */
  static ServerInterceptor forMethods() {
    return new ServerInterceptor() {
      @Override
      public <RequestT, ResponseT> ServerCall.Listener<RequestT> interceptCall(
          ServerCall<RequestT, ResponseT> call,
          Metadata headers,
          ServerCallHandler<RequestT, ResponseT> next) {
        Context context =
            Context.current()
                .withValues(LEFT, left(call.getAttributes()), Callers.CURRENT, Callers.of(call));
        return Contexts.interceptCall(context, call, headers, next);
      }
    };
  }

  /** How long the call that this thread begins may go on. */
  static Duration left() {
    return Objects.requireNonNull(LEFT.get(), "the service does not note it");
  }
}
