package geosearch.testing;

import io.grpc.EquivalentAddressGroup;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import io.grpc.NameResolverRegistry;
import io.grpc.StatusOr;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A channel over several servers, in turn. */
public final class FixedAddresses extends NameResolverProvider {

  static {
    NameResolverRegistry.getDefaultRegistry().register(new FixedAddresses());
  }

  private FixedAddresses() {}

  /** A channel that spreads its calls over servers of this machine, by their ports. */
  public static ManagedChannel roundRobin(Integer... ports) {
    String target =
        "fixed:///" + String.join(",", Arrays.stream(ports).map(String::valueOf).toList());
    return ManagedChannelBuilder.forTarget(target)
        .usePlaintext()
        .defaultLoadBalancingPolicy("round_robin")
        .build();
  }

  @Override
  protected boolean isAvailable() {
    return true;
  }

  @Override
  protected int priority() {
    return 5;
  }

  @Override
  public String getDefaultScheme() {
    return "fixed";
  }

  @Override
  public Collection<Class<? extends SocketAddress>> getProducedSocketAddressTypes() {
    return Set.of(InetSocketAddress.class);
  }

  @Override
  public NameResolver newNameResolver(URI target, NameResolver.Args args) {
    List<EquivalentAddressGroup> groups =
        Arrays.stream(target.getPath().substring(1).split(",", -1))
            .map(port ->
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port)))
            .map(EquivalentAddressGroup::new)
            .toList();
    return new NameResolver() {
      private @Nullable Listener2 listener;

      @Override
      public String getServiceAuthority() {
        return "fixed";
      }

      @Override
      public void start(Listener2 listener) {
        this.listener = listener;
        refresh();
      }

      @Override
      public void refresh() {
        listener.onResult(
            ResolutionResult.newBuilder().setAddressesOrError(StatusOr.fromValue(groups)).build());
      }

      @Override
      public void shutdown() {}
    };
  }
}
