package geosearch.client;

import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.Status;
import io.grpc.StatusOr;
import io.grpc.SynchronizationContext;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tells a channel which instances of a service pass their checks, and tells it anew as soon as
 * Consul knows better: each question waits there for the next change.
 *
 * <p>What Consul said last holds while it does not answer, and connections that work go on being
 * used while it knows no instance at all: an agent that has lost its memory knows none until the
 * servers have registered again.
 */
final class ConsulNameResolver extends NameResolver {

  /** A service that changes all the time, or an agent that never waits, is asked no more often. */
  private static final Duration BETWEEN_QUESTIONS = Duration.ofMillis(100);

  /** After a failure, and for an agent that gives no index to wait with. */
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final ConsulService service;
  private final SynchronizationContext context;
  private final Thread follower;
  private @Nullable Listener2 listener;

  /** Whether the channel has been told of an instance. Confined to the context. */
  private boolean resolved;

  /**
   * @param context in which the channel is told
   */
  ConsulNameResolver(ConsulService service, SynchronizationContext context) {
    this.service = service;
    this.context = context;
    this.follower = new Thread(this::follow, "consul-" + service.name());
    follower.setDaemon(true);
  }

  @Override
  public String getServiceAuthority() {
    return service.name();
  }

  @Override
  public void start(Listener2 listener) {
    this.listener = listener;
    follower.start();
  }

  @Override
  public void shutdown() {
    follower.interrupt();
  }

  private void follow() {
    long index = 0;
    try {
      while (true) {
        Duration pause = BETWEEN_QUESTIONS;
        try {
          ConsulService.Instances instances = service.ask(index);
          // An index that goes back is of another Consul, or of one that was restored.
          index = instances.index() < index ? 0 : instances.index();
          tell(instances.addresses());
          if (instances.index() == 0) {
            pause = PAUSE;
          }
        } catch (IOException | RuntimeException e) { // whatever it is, following goes on
          index = 0;
          fail(e);
          pause = PAUSE;
        }
        TimeUnit.MILLISECONDS.sleep(pause.toMillis());
      }
    } catch (InterruptedException e) {
      // The channel needs it no more.
    }
  }

  private void tell(List<InetSocketAddress> addresses) {
    context.execute(() -> {
      if (addresses.isEmpty()) {
        deliver(failed("Consul knows no instance of " + service.name() + " whose check passes"));
      } else {
        resolved = true;
        deliver(StatusOr.fromValue(addresses.stream().map(EquivalentAddressGroup::new).toList()));
      }
    });
  }

  private void fail(Exception failure) {
    context.execute(() -> {
      if (!resolved) {
        deliver(failed("Consul at " + service.agent() + " does not answer: " + failure));
      }
    });
  }

  private static StatusOr<List<EquivalentAddressGroup>> failed(String why) {
    return StatusOr.fromStatus(Status.UNAVAILABLE.withDescription(why));
  }

  private void deliver(StatusOr<List<EquivalentAddressGroup>> result) {
    if (listener != null) {
      listener.onResult2(ResolutionResult.newBuilder().setAddressesOrError(result).build());
    }
  }
}
