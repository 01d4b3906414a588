package geosearch.rpc;

import io.grpc.MethodDescriptor;
import java.io.ByteArrayInputStream;
import java.io.InputStream;

/** Methods for clients that send what they like. */
final class RawRequests {

  private RawRequests() {}

  /** The same method, with bytes as its requests. */
  static <ResponseT> MethodDescriptor<byte[], ResponseT> of(MethodDescriptor<?, ResponseT> method) {
    MethodDescriptor.Marshaller<byte[]> bytes =
        new MethodDescriptor.Marshaller<>() {
          @Override
          public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
          }

          @Override
          public byte[] parse(InputStream stream) {
            throw new UnsupportedOperationException("a client reads no requests");
          }
        };
    return method.toBuilder(bytes, method.getResponseMarshaller()).build();
  }
}
