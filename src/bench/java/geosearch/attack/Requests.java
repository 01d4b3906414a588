package geosearch.attack;

import com.google.type.LatLng;
import geosearch.v1.LocateRequest;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Requests as honest clients send them. */
final class Requests {

  static final String LOCATE = "/geosearch.v1.GeoSearch/Locate";

  private static final int DIFFERENT = 2_000;
  private static final byte[] FIRST = locates().getFirst();

  private Requests() {}

  /** Returns look-ups of positions over and about France, as gRPC frames them. */
  static List<byte[]> locates() {
    Random random = new Random(7);
    return Stream.generate(() ->
            Frames.message(
                LocateRequest.newBuilder().setPosition(position(random)).build().toByteArray(),
                false))
        .limit(DIFFERENT)
        .toList();
  }

  /** Returns one of them. */
  static byte[] first() {
    return FIRST;
  }

  static LatLng position(Random random) {
    return LatLng.newBuilder()
        .setLatitude(random.nextDouble(42.5, 51))
        .setLongitude(random.nextDouble(-4.5, 8))
        .build();
  }
}
