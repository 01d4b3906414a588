package geosearch.rpc;

import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import java.util.List;

/** Services with methods that read or write their messages in ways of their own. */
final class ServiceMethods {

  private ServiceMethods() {}

  /**
   * A service that is described as another one.
   *
   * @param described gives the name, and what reflection tells
   */
  static ServerServiceDefinition define(
      ServiceDescriptor described, List<? extends ServerMethodDefinition<?, ?>> methods) {
    ServiceDescriptor.Builder descriptor =
        ServiceDescriptor.newBuilder(described.getName())
            .setSchemaDescriptor(described.getSchemaDescriptor());
    methods.forEach(method -> descriptor.addMethod(method.getMethodDescriptor()));
    ServerServiceDefinition.Builder service = ServerServiceDefinition.builder(descriptor.build());
    methods.forEach(service::addMethod);
    return service.build();
  }
}
