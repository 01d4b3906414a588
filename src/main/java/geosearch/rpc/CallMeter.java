package geosearch.rpc;

import geosearch.metrics.Metrics;
import geosearch.metrics.Metrics.CallRecorder;
import geosearch.traffic.CallTraffic;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Records every call of a known method with the status that its stream ended with, whoever decided
 * on it: handler, interceptor or transport; and counts the bytes of its answer. Methods that nobody
 * offers are not recorded, for a caller could make up names without end.
 */
final class CallMeter extends ServerStreamTracer.Factory {

  private static final ServerStreamTracer UNKNOWN_METHOD = new ServerStreamTracer() {};

  private final Map<String, CallRecorder> recorders = new HashMap<>();

  CallMeter(Metrics metrics, Collection<ServerServiceDefinition> services) {
    for (ServerServiceDefinition service : services) {
      for (MethodDescriptor<?, ?> method : service.getServiceDescriptor().getMethods()) {
        recorders.put(
            method.getFullMethodName(),
            metrics.calls(
                service.getServiceDescriptor().getName(),
                Objects.requireNonNull(method.getBareMethodName())));
      }
    }
  }

  @Override
  public ServerStreamTracer newServerStreamTracer(String fullMethodName, Metadata headers) {
    CallRecorder recorder = recorders.get(fullMethodName);
    return recorder == null ? UNKNOWN_METHOD : new Tracer(recorder, CallTraffic.current());
  }

  private static final class Tracer extends ServerStreamTracer {
    private final CallRecorder recorder;
    private final @Nullable CallTraffic traffic;
    private final long start = System.nanoTime();

    Tracer(CallRecorder recorder, @Nullable CallTraffic traffic) {
      this.recorder = recorder;
      this.traffic = traffic;
    }

    @Override
    public void outboundWireSize(long bytes) {
      if (traffic != null) {
        traffic.sent(bytes);
      }
    }

    @Override
    public void streamClosed(Status status) {
      recorder.record(status.getCode().name(), System.nanoTime() - start);
    }
  }
}
