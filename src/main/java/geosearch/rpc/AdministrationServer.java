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

  /** How long after a failure it is tried again to leave the file. */
  private static final Duration RETRY_INTERVAL = Duration.ofSeconds(5);

  /** Callers send files in pieces of 64 KiB. */
  private static final int MAX_MESSAGE_BYTES = 1 << 20;

  private static final RequestLimits LIMITS = RequestLimits.all(MAX_MESSAGE_BYTES, 10_000);

  private final Path folder;
  private final Duration closeTimeout;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          Thread.ofPlatform().daemon().name("administration-", 1).factory());
  private final AdministrationService service;
  private volatile @Nullable Server server;
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
   * Starts to listen, and leaves port and token beside the store. If the file can't be written, as
   * on a full disk, that is logged and tried again until it can: the server answers all the same.
   *
   * @throws IOException if it can't listen
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
    AdministrationEndpoint mine = new AdministrationEndpoint(started.getPort(), token, pid);
    endpoint = mine;
    try {
      mine.write(folder);
    } catch (IOException e) {
      log.warn(
          "Can't write {}, so that the commands `import`, `export` and `datasets` don't find this server until it can folder={} setting=store.folder reason={}",
          AdministrationEndpoint.FILE_NAME,
          folder,
          e.toString());
      threads.execute(() -> writeLater(mine));
    }
  }

  private void writeLater(AdministrationEndpoint mine) {
    try {
      do {
        Thread.sleep(RETRY_INTERVAL);
      } while (!isWritten(mine));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // by close
    }
  }

  /** Tries again; returns whether there is nothing left to be done. */
  private synchronized boolean isWritten(AdministrationEndpoint mine) {
    if (endpoint == null) {
      return true;
    }
    try {
      mine.write(folder);
      log.info("Wrote {} folder={}", AdministrationEndpoint.FILE_NAME, folder);
      return true;
    } catch (IOException e) {
      log.debug("Still can't write {} folder={}", AdministrationEndpoint.FILE_NAME, folder, e);
      return false;
    }
  }

  /** Ends: takes the file away, cuts off the callers, and waits until their imports are undone. */
  @Override
  public void close() {
    deleteFile();
    @Nullable Server started = server;
    try {
      if (started != null) {
        // Its threads end after its connections: a connection that finds them gone is never closed.
        started.shutdownNow().awaitTermination(closeTimeout.toNanos(), TimeUnit.NANOSECONDS);
      }
      threads.shutdownNow();
      if (!threads.awaitTermination(closeTimeout.toNanos(), TimeUnit.NANOSECONDS)) {
        log.warn("an import goes on {} after it was interrupted", closeTimeout);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void deleteFile() {
    if (endpoint == null) {
      return;
    }
    try {
      endpoint.delete(folder);
    } catch (IOException e) {
      log.warn("{} stays in {}", AdministrationEndpoint.FILE_NAME, folder, e);
    }
    endpoint = null;
  }
}
