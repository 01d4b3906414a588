package geosearch.rpc;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.rpc.Code;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.security.MessageDigest;

/** Lets only calls pass that carry the token. */
final class TokenGuard implements ServerInterceptor {

  private final byte[] expected;

  TokenGuard(String token) {
    this.expected = AdministrationEndpoint.authorization(token).getBytes(UTF_8);
  }

  @Override
  public <RequestT, ResponseT> ServerCall.Listener<RequestT> interceptCall(
      ServerCall<RequestT, ResponseT> call,
      Metadata headers,
      ServerCallHandler<RequestT, ResponseT> next) {
    String given = headers.get(AdministrationEndpoint.AUTHORIZATION);
    // Takes the same time wherever the two begin to differ.
    if (given == null || !MessageDigest.isEqual(expected, given.getBytes(UTF_8))) {
      throw Details.plain(
          Code.UNAUTHENTICATED,
          "the token is missing or wrong; it is in the file "
              + AdministrationEndpoint.FILE_NAME
              + " beside the store");
    }
    return next.startCall(call, headers);
  }
}
