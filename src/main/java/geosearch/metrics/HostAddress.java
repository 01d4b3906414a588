package geosearch.metrics;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a host is now. It is looked up again from time to time, so that a server that moves is
 * found again, and on a thread of its own, because a resolver may take long to say that it does not
 * know. A host that was known stays where it was until it is found elsewhere.
 */
final class HostAddress {

  private static final Logger log = LoggerFactory.getLogger(HostAddress.class);

  /** The system's resolver, but in tests. */
  interface Resolver {
    InetAddress resolve(String host) throws UnknownHostException;
  }

  private final String host;
  private final int port;
  private final Resolver resolver;
  private final AtomicBoolean busy = new AtomicBoolean();
  private final CountDownLatch answered = new CountDownLatch(1);
  private volatile @Nullable InetSocketAddress address;
  private volatile boolean failed;

  HostAddress(String host, int port) {
    this(host, port, InetAddress::getByName);
  }

  HostAddress(String host, int port, Resolver resolver) {
    this.host = host;
    this.port = port;
    this.resolver = resolver;
  }

  /** Where it is, as far as is known. */
  @Nullable InetSocketAddress current() {
    return address;
  }

  /** Looks the host up, without waiting for the answer. */
  void refresh() {
    if (busy.compareAndSet(false, true)) {
      Thread.ofVirtual().name("statsd-address").start(this::lookUp);
    }
  }

  /** Waits until the first look-up has ended, for better or worse. */
  void awaitFirst(Duration atMost) {
    try {
      var _ = answered.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void lookUp() {
    try {
      address = new InetSocketAddress(resolver.resolve(host), port);
      if (failed) {
        failed = false;
        log.info("StatsD's host {} is known now: metrics are sent", host);
      }
    } catch (UnknownHostException e) {
      if (!failed) {
        failed = true;
        log.warn(
            "StatsD's host {} (setting statsd.host) is not known{}; trying again",
            host,
            address == null ? ": no metrics are sent" : " any more: sending to where it was");
      }
    } finally {
      answered.countDown();
      busy.set(false);
    }
  }
}
