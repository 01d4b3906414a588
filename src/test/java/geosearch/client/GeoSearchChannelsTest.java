package geosearch.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.Empty;
import geosearch.original.MonitorResponse;
import geosearch.original.SearchGrpc;
import geosearch.v1.CreateZoneRequest;
import geosearch.v1.GeoSearchGrpc;
import geosearch.v1.LocateRequest;
import geosearch.v1.LocateResponse;
import geosearch.v1.Zone;
import geosearch.v1.ZonesGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GeoSearchChannelsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final AtomicInteger calls = new AtomicInteger();
  private volatile Status failure = Status.UNAVAILABLE;
  private volatile int failures;
  private Server server;
  private ManagedChannel channel;

  @BeforeEach
  void start() throws IOException {
    String name = InProcessServerBuilder.generateName();
    server =
        InProcessServerBuilder.forName(name)
            .addService(new Locating())
            .addService(new Creating())
            .addService(new Counting())
            .build()
            .start();
    channel = GeoSearchChannels.configure(InProcessChannelBuilder.forName(name)).build();
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    server.shutdownNow();
  }

  @Test
  void locate_unavailableAtFirst_isAnswered() {
    failures = 3;

    GeoSearchGrpc.newBlockingStub(channel)
        .withDeadlineAfter(PATIENCE)
        .locate(LocateRequest.getDefaultInstance());

    assertEquals(4, calls.get());
  }

  @Test
  void monitor_unavailableAtFirst_isAnswered() {
    failures = 1;

    SearchGrpc.newBlockingStub(channel)
        .withDeadlineAfter(PATIENCE)
        .monitor(Empty.getDefaultInstance());

    assertEquals(2, calls.get());
  }

  @Test
  void locate_unavailableForGood_isGivenUp() {
    failures = 100;

    assertFails(
        Status.Code.UNAVAILABLE,
        () ->
            GeoSearchGrpc.newBlockingStub(channel)
                .withDeadlineAfter(PATIENCE)
                .locate(LocateRequest.getDefaultInstance()));
    assertEquals(4, calls.get());
  }

  @Test
  void locate_otherFailures_areNotTriedAgain() {
    failures = 100;
    failure = Status.RESOURCE_EXHAUSTED;

    assertFails(
        Status.Code.RESOURCE_EXHAUSTED,
        () ->
            GeoSearchGrpc.newBlockingStub(channel)
                .withDeadlineAfter(PATIENCE)
                .locate(LocateRequest.getDefaultInstance()));
    assertEquals(1, calls.get());
  }

  @Test
  void createZone_unavailable_isNotSentAgain() {
    failures = 1;

    assertFails(
        Status.Code.UNAVAILABLE,
        () ->
            ZonesGrpc.newBlockingStub(channel)
                .withDeadlineAfter(PATIENCE)
                .createZone(CreateZoneRequest.getDefaultInstance()));
    assertEquals(1, calls.get());
  }

  @Test
  void serviceConfig_triedAgain_isWhatReadsAndEnds() {
    Set<String> known =
        Stream.of(
                SearchGrpc.getServiceDescriptor(),
                GeoSearchGrpc.getServiceDescriptor(),
                ZonesGrpc.getServiceDescriptor())
            .flatMap(service -> service.getMethods().stream())
            .map(method -> method.getFullMethodName())
            .collect(Collectors.toSet());
    List<?> methodConfigs = (List<?>) GeoSearchChannels.serviceConfig().get("methodConfig");
    Set<String> tried =
        methodConfigs.stream()
            .flatMap(each -> ((List<?>) ((Map<?, ?>) each).get("name")).stream())
            .map(name -> (Map<?, ?>) name)
            .flatMap(name ->
                known.stream()
                    .filter(method ->
                        name.containsKey("method")
                            ? method.equals(name.get("service") + "/" + name.get("method"))
                            : method.startsWith(name.get("service") + "/")))
            .collect(Collectors.toSet());

    assertEquals(
        Set.of(
            "geosearch.v1.GeoSearch/LocateStream",
            "geosearch.v1.Zones/CreateZone",
            "geosearch.v1.Zones/UpdateZone",
            "geosearch.v1.Zones/DeleteZone",
            "geosearch.v1.Zones/WatchZones"),
        known.stream().filter(method -> !tried.contains(method)).collect(Collectors.toSet()));
  }

  private static void assertFails(Status.Code code, Runnable call) {
    StatusRuntimeException failed = assertThrows(StatusRuntimeException.class, call::run);
    assertEquals(code, failed.getStatus().getCode());
  }

  private <T> void answer(StreamObserver<T> observer, T message) {
    if (calls.incrementAndGet() <= failures) {
      observer.onError(failure.asRuntimeException());
    } else {
      observer.onNext(message);
      observer.onCompleted();
    }
  }

  private final class Locating extends GeoSearchGrpc.GeoSearchImplBase {
    @Override
    public void locate(LocateRequest request, StreamObserver<LocateResponse> observer) {
      answer(observer, LocateResponse.getDefaultInstance());
    }
  }

  private final class Creating extends ZonesGrpc.ZonesImplBase {
    @Override
    public void createZone(CreateZoneRequest request, StreamObserver<Zone> observer) {
      answer(observer, Zone.getDefaultInstance());
    }
  }

  private final class Counting extends SearchGrpc.SearchImplBase {
    @Override
    public void monitor(Empty request, StreamObserver<MonitorResponse> observer) {
      answer(observer, MonitorResponse.getDefaultInstance());
    }
  }
}
