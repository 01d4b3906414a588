package geosearch.rpc;

import geosearch.health.Readiness;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What {@code grpc.health.v1} says. The empty name, {@value #READINESS} and the name of each
 * service follow the readiness; {@value #LIVENESS} says that the process is well; other names are
 * set by whoever knows. Safe for use by several threads.
 */
public final class Health {

  /** The name that follows the readiness, for probes. */
  public static final String READINESS = "readiness";

  /** The name that is served from the start to the stop, for probes. */
  public static final String LIVENESS = "liveness";

  private final HealthStatusManager manager = new HealthStatusManager();
  private final List<String> readinessNames = new ArrayList<>();
  private final AtomicBoolean ended = new AtomicBoolean();
  private final CompletableFuture<Void> probed = new CompletableFuture<>();

  Health(Collection<String> services) {
    readinessNames.add(HealthStatusManager.SERVICE_NAME_ALL_SERVICES);
    readinessNames.add(READINESS);
    readinessNames.addAll(services);
    readinessNames.forEach(name -> set(name, false));
    set(LIVENESS, true);
  }

  /** Says how it stands with a name; one that was never set is unknown to clients. */
  public void set(String name, boolean serving) {
    manager.setStatus(name, serving ? ServingStatus.SERVING : ServingStatus.NOT_SERVING);
  }

  void follow(Readiness readiness) {
    readiness.addListener(ready -> readinessNames.forEach(name -> set(name, ready)));
  }

  /** From now on nothing is served, whatever is set later. */
  void end() {
    if (ended.compareAndSet(false, true)) {
      manager.enterTerminalState();
    }
  }

  /** Is completed once somebody who asked for {@value #READINESS} was told that it is served. */
  public CompletableFuture<Void> probed() {
    return probed.copy();
  }

  ServerServiceDefinition service() {
    return ServerInterceptors.intercept(manager.getHealthService(), new Probes());
  }

  /** Looks for the first probe that is told of readiness. */
  private final class Probes implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      if (probed.isDone()) {
        return next.startCall(call, headers);
      }
      AtomicBoolean asksForReadiness = new AtomicBoolean();
      ServerCall<Q, A> observed =
          new SimpleForwardingServerCall<>(call) {
            @Override
            public void sendMessage(A answer) {
              super.sendMessage(answer);
              if (asksForReadiness.get() && isServing(answer)) {
                probed.complete(null);
              }
            }
          };
      return new SimpleForwardingServerCallListener<>(next.startCall(observed, headers)) {
        @Override
        public void onMessage(Q question) {
          asksForReadiness.set(
              question instanceof HealthCheckRequest check && check.getService().equals(READINESS));
          super.onMessage(question);
        }
      };
    }

    private static boolean isServing(Object answer) {
      return answer instanceof HealthCheckResponse response
          && response.getStatus() == ServingStatus.SERVING;
    }
  }
}
