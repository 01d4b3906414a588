package geosearch.rpc;

import com.google.protobuf.ByteString;
import geosearch.admin.v1.ExportLayerResponse;
import geosearch.geo.Area;
import geosearch.store.AreaSink;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.io.WKBWriter;

/**
 * One call of ExportLayer. A thread of its own reads the store, and no faster than the caller takes
 * what it reads; it ends when the caller goes away.
 */
final class ExportCall implements AreaSink {

  private static final String METHOD = "ExportLayer";

  private final ServerCallStreamObserver<ExportLayerResponse> call;
  private final WKBWriter outlines = new WKBWriter(2);

  /** To be made before the call's method returns. */
  ExportCall(ServerCallStreamObserver<ExportLayerResponse> call) {
    this.call = call;
    call.setOnReadyHandler(this::wake);
    call.setOnCancelHandler(this::wake);
  }

  /**
   * Answers the call.
   *
   * @param reading gives this every area
   */
  void run(Consumer<AreaSink> reading) {
    try {
      reading.accept(this);
      call.onCompleted();
    } catch (CancellationException e) {
      // Nobody listens any more.
    } catch (RuntimeException | Error e) {
      if (!call.isCancelled()) {
        call.onError(Failures.answer(METHOD, e));
      }
    }
  }

  @Override
  public void accept(Area area, Geometry outline) {
    awaitReady();
    call.onNext(
        ExportLayerResponse.newBuilder()
            .setId(area.id())
            .setName(area.name())
            .putAllAttributes(area.attributes())
            .setWkb(ByteString.copyFrom(outlines.write(outline)))
            .build());
  }

  @Override
  public void skip(String id, String reason) {
    // The embedded store has nothing that can't be used: it was looked at when it was imported.
  }

  private synchronized void wake() {
    notifyAll();
  }

  private synchronized void awaitReady() {
    while (!call.isReady()) {
      if (call.isCancelled()) {
        throw new CancellationException();
      }
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw Details.unavailable("the server is stopping");
      }
    }
  }
}
