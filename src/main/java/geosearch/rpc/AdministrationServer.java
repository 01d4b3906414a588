package geosearch.rpc;

import geosearch.load.Importer;
import geosearch.store.Store;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server of its own for the administration of an embedded store: on the loopback address, on a
 * free port, and only for callers who can read the token that it leaves beside the store.
 */
public final class AdministrationServer implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(AdministrationServer.class);

  private static final int TOKEN_BYTES = 32;

  /** Callers send files in pieces of 64 KiB. */
  private static final int MAX_MESSAGE_BYTES = 1 << 20;

  private static final RequestLimits LIMITS = RequestLimits.all(MAX_MESSAGE_BYTES, 10_000);

  private final Path folder;
  private final Duration closeTimeout;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          Thread.ofPlatform().daemon().name("administration-", 1).factory());
  private final AdministrationService service;
  private @Nullable Server server;
  private @Nullable AdministrationEndpoint endpoint;

  /**
   * A server that does not listen yet.
   *
   * @param folder of the store; the port and the token are left there
   * @param store what is administered; the caller closes it, after this
   * @param importer imports the files that are sent
   * @param refreshed knows when a change is in this server's answers
   * @param closeTimeout how long {@link #close} waits for connections to end, and then for imports
   *     to be rolled back
   */
  public AdministrationServer(
      Path folder, Store store, Importer importer, Refreshed refreshed, Duration closeTimeout) {
    this.folder = folder;
    this.closeTimeout = closeTimeout;
    this.service = new AdministrationService(store, importer, refreshed, threads);
  }

  /**
   * Starts to listen, and leaves port and token beside the store.
   *
   * @throws IOException if it can't do either; the message says what to do
   */
  public synchronized void start() throws IOException {
    byte[] secret = new byte[TOKEN_BYTES];
    new SecureRandom().nextBytes(secret);
    String token = Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    long pid = ProcessHandle.current().pid();
    Server started =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .executor(threads)
            .maxInboundMessageSize(MAX_MESSAGE_BYTES)
            .addService(RequestMarshallers.wrap(service.bindService(), LIMITS))
            // The one that is added last is asked first.
            .intercept(new TokenGuard(token))
            .intercept(new CallGuard(LIMITS))
            .build()
            .start();
    server = started;
    endpoint = new AdministrationEndpoint(started.getPort(), token, pid);
    try {
      endpoint.write(folder);
    } catch (IOException e) {
      throw new IOException(
          "can't leave "
              + AdministrationEndpoint.FILE_NAME
              + " in "
              + folder
              + " (setting store.folder), without which `import` and `datasets` don't find this"
              + " server: "
              + e,
          e);
    }
  }

  /** Ends: takes the file away, cuts off the callers, and waits until their imports are undone. */
  @Override
  public synchronized void close() {
    if (endpoint != null) {
      try {
        endpoint.delete(folder);
      } catch (IOException e) {
        log.warn("{} stays in {}", AdministrationEndpoint.FILE_NAME, folder, e);
      }
      endpoint = null;
    }
    try {
      if (server != null) {
        // Its threads end after its connections: a connection that finds them gone is never closed.
        server.shutdownNow().awaitTermination(closeTimeout.toNanos(), TimeUnit.NANOSECONDS);
      }
      threads.shutdownNow();
      if (!threads.awaitTermination(closeTimeout.toNanos(), TimeUnit.NANOSECONDS)) {
        log.warn("an import goes on {} after it was interrupted", closeTimeout);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
