import com.google.type.LatLng;
import geosearch.client.GeoSearchChannels;
import geosearch.v1.GeoSearchGrpc;
import geosearch.v1.LocateRequest;
import geosearch.v1.LocateResponse;
import geosearch.v1.LocatedArea;
import io.grpc.ManagedChannel;
import java.util.concurrent.TimeUnit;

/** Prints the areas that contain a position: its arguments are target, latitude and longitude. */
final class LocateExample {

  public static void main(String[] arguments) {
    // One for the whole program: it finds the servers, and follows them as they come and go.
    ManagedChannel channel = GeoSearchChannels.forTarget(arguments[0]).usePlaintext().build();
    try {
      LatLng position =
          LatLng.newBuilder()
              .setLatitude(Double.parseDouble(arguments[1]))
              .setLongitude(Double.parseDouble(arguments[2]))
              .build();
      LocateResponse answer =
          GeoSearchGrpc.newBlockingStub(channel)
              .withDeadlineAfter(5, TimeUnit.SECONDS)
              .locate(LocateRequest.newBuilder().setPosition(position).build());
      for (LocatedArea found : answer.getAreasList()) {
        System.out.println(found.getArea().getLayer() + ": " + found.getArea().getName());
      }
    } finally {
      channel.shutdownNow();
    }
  }
}
