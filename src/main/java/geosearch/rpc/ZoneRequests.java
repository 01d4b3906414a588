package geosearch.rpc;

import com.google.protobuf.CodedOutputStream;
import geosearch.store.Zones.Request;
import geosearch.v1.CreateZoneRequest;
import geosearch.v1.Zone;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/** Tells a creation that is asked for again from another one. */
final class ZoneRequests {

  private ZoneRequests() {}

  /** The request by its id and what it asks for; nothing where it has no id. */
  static Optional<Request> of(CreateZoneRequest request) {
    if (request.getRequestId().isEmpty()) {
      return Optional.empty();
    }
    Zone asked =
        request.getZone().toBuilder()
            .clearCreateTime()
            .clearUpdateTime()
            .clearRevision()
            .clearReadOnly()
            .clearEtag()
            .clearGeneration()
            .build();
    return Optional.of(new Request(request.getRequestId(), digest(asked)));
  }

  private static String digest(Zone zone) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    // Otherwise attributes come in any order.
    out.useDeterministicSerialization();
    try {
      zone.writeTo(out);
      out.flush();
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has it", e);
    }
  }
}
