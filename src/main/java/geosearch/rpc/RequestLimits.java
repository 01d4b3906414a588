package geosearch.rpc;

import geosearch.config.ZonesConfig;
import java.util.Map;

/**
 * How large the requests of each method may be. The limits follow from what the protos document of
 * each field, so no documented request is refused.
 */
public final class RequestLimits {

  /**
   * The limit of one method.
   *
   * @param bytes of a request, unpacked
   * @param elements texts, byte strings and messages in a request, at every depth
   */
  record Limit(int bytes, int elements) {}

  private static final int KIB = 1 << 10;

  /** Ids, names, page tokens. */
  private static final Limit SMALL = new Limit(64 * KIB, 1_000);

  /**
   * LocateOptions: 100 layers, 16 filters of 100 values each, 32 attributes, 10 versions. Values
   * may be long.
   */
  private static final int OPTIONS_BYTES = 256 * KIB;

  private static final int OPTIONS_ELEMENTS = 2_500;

  private static final Limit LOCATE = new Limit(OPTIONS_BYTES, OPTIONS_ELEMENTS);

  /** 10,000 positions of four numbers, and options. */
  private static final Limit BATCH = new Limit(OPTIONS_BYTES + 512 * KIB, OPTIONS_ELEMENTS);

  /** 1,000 ids, and options. */
  private static final Limit FIND = new Limit(OPTIONS_BYTES + 256 * KIB, OPTIONS_ELEMENTS + 1_000);

  /** Three elements for each attribute, and what else a zone has. */
  private static final int PER_ATTRIBUTE = 3;

  private final Limit usual;
  private final Map<String, Limit> byMethod;
  private final int maxBytes;

  private RequestLimits(Limit usual, Map<String, Limit> byMethod, int maxBytes) {
    this.usual = usual;
    this.byMethod = byMethod;
    this.maxBytes = maxBytes;
  }

  /**
   * Returns the limits of the services that are offered to everybody.
   *
   * @param maxBytes of a request of any method (setting server.max-message-size)
   */
  public static RequestLimits of(ZonesConfig zones, int maxBytes) {
    Limit zone =
        new Limit(
            zones.maxOutlineBytes() + 256 * KIB, 1_000 + PER_ATTRIBUTE * zones.maxAttributes());
    return new RequestLimits(
        SMALL,
        Map.of(
            "geosearch.v1.GeoSearch/Locate", LOCATE,
            "geosearch.v1.GeoSearch/LocateStream", LOCATE,
            "geosearch.v1.GeoSearch/LocateBatch", BATCH,
            "geosearch.v1.GeoSearch/FindAreas", FIND,
            "geosearch.v1.Zones/CreateZone", zone,
            "geosearch.v1.Zones/UpdateZone", zone),
        maxBytes);
  }

  /** Returns limits that are the same for every method. */
  static RequestLimits all(int bytes, int elements) {
    return new RequestLimits(new Limit(bytes, elements), Map.of(), bytes);
  }

  /**
   * Returns the limit of a method.
   *
   * @param method its full name
   */
  Limit of(String method) {
    Limit limit = byMethod.getOrDefault(method, usual);
    return limit.bytes() <= maxBytes ? limit : new Limit(maxBytes, limit.elements());
  }
}
