package geosearch.rpc;

import com.google.rpc.Code;
import geosearch.config.ZonesConfig;
import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Lets only those write zones who may (setting zones.write). Every method that is not known to read
 * counts as one that writes.
 */
final class ZoneWriters implements ServerInterceptor {

  private static final Pattern READING = Pattern.compile("(Get|List|Watch)[A-Z]\\w*");

  private final ZonesConfig.Writers writers;

  ZoneWriters(ZonesConfig.Writers writers) {
    this.writers = writers;
  }

  @Override
  public <RequestT, ResponseT> ServerCall.Listener<RequestT> interceptCall(
      ServerCall<RequestT, ResponseT> call,
      Metadata headers,
      ServerCallHandler<RequestT, ResponseT> next) {
    String method = String.valueOf(call.getMethodDescriptor().getBareMethodName());
    if (!READING.matcher(method).matches() && !mayWrite(call.getAttributes())) {
      throw Details.plain(Code.PERMISSION_DENIED, refusal());
    }
    return next.startCall(call, headers);
  }

  private boolean mayWrite(Attributes attributes) {
    return switch (writers) {
      case EVERYONE -> true;
      case NOBODY -> false;
      case LOCAL -> isLocal(attributes.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
    };
  }

  private String refusal() {
    return writers == ZonesConfig.Writers.NOBODY
        ? "zones can't be written here: the setting zones.write is `nobody`"
        : "zones can be written only from the server's own machine: the setting zones.write is"
            + " `local`";
  }

  /** Whether a caller at that address is on this machine. */
  static boolean isLocal(@Nullable SocketAddress caller) {
    return switch (caller) {
      case null -> false;
      case InetSocketAddress address -> isLoopback(address.getAddress());
      // Within the process, or through a socket in the file system.
      default -> true;
    };
  }

  private static boolean isLoopback(@Nullable InetAddress address) {
    if (address == null) {
      return false;
    }
    if (address.isLoopbackAddress()) {
      return true;
    }
    // ::ffff:127.0.0.1, which the native transport does not always turn into its IPv4 form.
    byte[] bytes = address.getAddress();
    if (bytes.length != 16 || bytes[10] != -1 || bytes[11] != -1 || bytes[12] != 127) {
      return false;
    }
    for (int i = 0; i < 10; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return true;
  }
}
