package geosearch.rpc;

import com.google.type.LatLng;
import geosearch.atlas.Atlas;
import geosearch.atlas.Snapshot;
import geosearch.v1.GeoSearchGrpc;
import geosearch.v1.GeoSearchGrpc.GeoSearchBlockingStub;
import geosearch.v1.GeoSearchGrpc.GeoSearchStub;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** A server that offers GeoSearch over layers made by hand. */
final class GeoSearchServer implements AutoCloseable {

  static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");

  final Atlas atlas = new Atlas(List.of());
  final Loopback loopback;
  private final ManagedChannel channel;

  private GeoSearchServer(ServerSettings settings, Snapshot... snapshots) throws IOException {
    atlas.publish(List.of(snapshots));
    loopback =
        Loopback.start(
            settings, metrics -> new LocateService(atlas, metrics, InstantSource.fixed(NOW)));
    channel = loopback.channel();
  }

  static GeoSearchServer of(Snapshot... snapshots) throws IOException {
    return new GeoSearchServer(new ServerSettings(), snapshots);
  }

  static GeoSearchServer of(ServerSettings settings, Snapshot... snapshots) throws IOException {
    return new GeoSearchServer(settings, snapshots);
  }

  GeoSearchBlockingStub stub() {
    return GeoSearchGrpc.newBlockingStub(channel);
  }

  GeoSearchStub asyncStub() {
    return GeoSearchGrpc.newStub(channel);
  }

  static LatLng at(double latitude, double longitude) {
    return LatLng.newBuilder().setLatitude(latitude).setLongitude(longitude).build();
  }

  @Override
  public void close() {
    loopback.close();
  }
}
