package geosearch.attack;

import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * An honest client: look-ups at a tenth of the server's capacity on connections of its own, each of
 * which counts if it is answered OK within a second.
 */
final class GoodTraffic implements AutoCloseable {

  static final double PER_SECOND = 2_300;

  private static final int CONNECTIONS = 2;
  private static final Duration DEADLINE = Duration.ofSeconds(1);

  private final OpenLoop loop;
  private final Thread thread;
  private volatile Tally tally;

  @SuppressWarnings("ThreadPriorityCheck") // Attackers share the core.
  GoodTraffic(InetSocketAddress server) {
    loop = new OpenLoop(server, Requests.LOCATE, Requests.locates(), CONNECTIONS, "1S");
    loop.connect();
    tally = new Tally(System.nanoTime(), DEADLINE, DEADLINE);
    thread =
        Thread.ofPlatform()
            .daemon()
            .priority(Thread.MAX_PRIORITY)
            .start(() -> tally = loop.paced(Integer.MAX_VALUE, PER_SECOND, DEADLINE));
  }

  /** Ends it; returns what became of its calls. */
  Tally end() throws InterruptedException {
    loop.stop();
    thread.join();
    return tally;
  }

  @Override
  public void close() {
    loop.stop();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    loop.close();
  }
}
