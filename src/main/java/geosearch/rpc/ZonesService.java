package geosearch.rpc;

import geosearch.config.ServerConfig;
import geosearch.config.ZonesConfig;
import geosearch.rpc.ZoneReader.NewZone;
import geosearch.store.Store;
import geosearch.store.Zones;
import geosearch.v1.CreateZoneRequest;
import geosearch.v1.DeleteZoneRequest;
import geosearch.v1.DeleteZoneResponse;
import geosearch.v1.ListZonesRequest;
import geosearch.v1.ListZonesResponse;
import geosearch.v1.Zone;
import geosearch.v1.ZonesGrpc;
import io.grpc.BindableService;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;

/**
 * The zones that users keep; {@code zones.proto} says what is promised. Its calls wait for the
 * store, on threads of their own.
 */
public final class ZonesService implements BindableService, Stoppable {

  private static final int DEFAULT_PAGE = 100;
  private static final int LARGEST_PAGE = 1000;

  /** Clients take messages of 4 MiB unless told otherwise. */
  private static final int PAGE_BYTES = 4_000_000;

  /** How many zones are asked for at once where each brings its outline. */
  private static final int OUTLINES_AT_ONCE = 50;

  private final Store store;
  private final ZonesConfig config;
  private final Published published;
  private final StoreCalls calls;
  private final ZoneReader reader;

  /**
   * @param server how many threads, and how long a call may take
   * @param published knows when a change is in this server's answers
   */
  public ZonesService(Store store, ZonesConfig config, ServerConfig server, Published published) {
    this.store = store;
    this.config = config;
    this.published = published;
    this.calls = new StoreCalls(server);
    this.reader = new ZoneReader(config);
  }

  @Override
  public ServerServiceDefinition bindService() {
    return ServerInterceptors.intercept(new Methods(), new ZoneWriters(config.write()));
  }

  @Override
  public void stop(Duration timeout) {
    calls.stop(timeout);
  }

  private final class Methods extends ZonesGrpc.ZonesImplBase {

    @Override
    public void createZone(CreateZoneRequest request, StreamObserver<Zone> observer) {
      calls.run("CreateZone", observer, () -> create(request));
    }

    @Override
    public void listZones(ListZonesRequest request, StreamObserver<ListZonesResponse> observer) {
      calls.run("ListZones", observer, () -> list(request));
    }

    @Override
    public void deleteZone(DeleteZoneRequest request, StreamObserver<DeleteZoneResponse> observer) {
      calls.run("DeleteZone", observer, () -> delete(request));
    }
  }

  private Zone create(CreateZoneRequest request) throws InterruptedException {
    if (!request.hasZone()) {
      throw Violations.of("zone", "must be set");
    }
    NewZone zone = reader.read(request.getZone());
    checkInTime();
    geosearch.store.Zone created = store.zones().create(zone.area(), zone.outline());
    awaitPublished(created.revision(), "the zone %s was created".formatted(created.area().id()));
    return ZoneMessages.of(created);
  }

  private DeleteZoneResponse delete(DeleteZoneRequest request) throws InterruptedException {
    String id = request.getId();
    if (!ZoneReader.isId(id) && !id.startsWith(Zones.ORIGINAL_ID_PREFIX)) {
      throw Violations.of(
          "id", "must be 1 to 64 characters of A-Z a-z 0-9 . _ -, not " + Violations.quoted(id));
    }
    checkInTime();
    long revision = store.zones().delete(id);
    awaitPublished(revision, "the zone %s was deleted".formatted(id));
    return DeleteZoneResponse.newBuilder().setRevision(revision).build();
  }

  private ListZonesResponse list(ListZonesRequest request) {
    if (request.getPageSize() < 0) {
      throw Violations.of("page_size", "must be at least 0, not " + request.getPageSize());
    }
    int size =
        request.getPageSize() == 0 ? DEFAULT_PAGE : Math.min(request.getPageSize(), LARGEST_PAGE);
    String after =
        request.getPageToken().isEmpty()
            ? ""
            : PageToken.read(request.getPageToken())
                .orElseThrow(() ->
                    Violations.of(
                        "page_token",
                        "must be the next_page_token of an earlier answer, or empty"));
    return list(after, size, !request.getOmitOutlines());
  }

  /** A page ends early where its outlines are large; the token tells that there are more. */
  private ListZonesResponse list(String after, int size, boolean withOutlines) {
    ListZonesResponse.Builder page = ListZonesResponse.newBuilder();
    int atOnce = withOutlines ? OUTLINES_AT_ONCE : size + 1;
    String last = after;
    int bytes = 0;
    while (true) {
      checkInTime();
      List<geosearch.store.Zone> zones = store.zones().list(last, atOnce, withOutlines);
      for (geosearch.store.Zone zone : zones) {
        Zone message = ZoneMessages.of(zone);
        bytes += message.getSerializedSize();
        if (page.getZonesCount() == size || (bytes > PAGE_BYTES && page.getZonesCount() > 0)) {
          return page.setNextPageToken(PageToken.write(last)).build();
        }
        page.addZones(message);
        last = message.getId();
      }
      if (zones.size() < atOnce) {
        return page.build();
      }
    }
  }

  /** Work whose caller is gone, or told that it takes too long, is not begun. */
  private static void checkInTime() {
    if (StoreCalls.timeLeft().isZero()) {
      throw Status.DEADLINE_EXCEEDED.withDescription("did not end in time").asRuntimeException();
    }
  }

  private void awaitPublished(long revision, String done) throws InterruptedException {
    // Less than what is left: there should be time to say what has happened.
    Duration timeout = StoreCalls.timeLeft().multipliedBy(9).dividedBy(10);
    try {
      published.await(revision, timeout);
    } catch (TimeoutException e) {
      throw Status.DEADLINE_EXCEEDED
          .withDescription(
              done + " with revision " + revision + ", but is not in this server's answers yet")
          .asRuntimeException();
    }
  }
}
