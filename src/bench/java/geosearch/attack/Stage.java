package geosearch.attack;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * What an attack runs on: connections to one server that end with it, and threads that give way to
 * those of honest clients. It ends by itself when its time is over.
 */
final class Stage implements Closeable {

  private static final long PAUSE_MILLIS = 5;

  private final InetSocketAddress server;
  private final long end;
  private final Set<Closeable> open = ConcurrentHashMap.newKeySet();
  private final List<Thread> threads = new ArrayList<>();
  private final LongAdder connections = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private volatile boolean closed;

  Stage(InetSocketAddress server, Duration time) {
    this.server = server;
    this.end = System.nanoTime() + time.toNanos();
  }

  /** What one thread of an attack does with one connection. */
  interface Act {
    void run(RawConnection connection) throws IOException;
  }

  /** How a connection is made. */
  interface Opening {
    RawConnection open(InetSocketAddress server) throws IOException;
  }

  InetSocketAddress server() {
    return server;
  }

  /** Whether there is time left. */
  boolean goesOn() {
    return !closed && System.nanoTime() - end < 0;
  }

  /** Waits, but not beyond the end. */
  void pause(long millis) throws IOException {
    try {
      TimeUnit.MILLISECONDS.sleep(Math.max(0, Math.min(millis, millisLeft())));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private long millisLeft() {
    return (end - System.nanoTime()) / 1_000_000;
  }

  /** Waits until the time is over. */
  void rest() throws IOException {
    pause(Long.MAX_VALUE);
  }

  /** Connects; the connection ends with the attack. */
  RawConnection connect(Opening opening) throws IOException {
    RawConnection connection = opening.open(server);
    connections.increment();
    open.add(connection);
    if (closed) {
      connection.close();
    }
    return connection;
  }

  /** Closes something when the attack ends. */
  <T extends Closeable> T keep(T resource) {
    open.add(resource);
    return resource;
  }

  /**
   * Starts threads that each do the same again and again on a connection of their own; one that the
   * server closes is replaced.
   */
  void each(int count, Opening opening, Act act) {
    for (int i = 0; i < count; i++) {
      start(() -> {
        while (goesOn()) {
          try {
            RawConnection connection = connect(opening);
            try {
              act.run(connection);
            } finally {
              connection.close();
              open.remove(connection);
            }
          } catch (IOException e) {
            refused.increment();
            pauseQuietly();
          }
        }
      });
    }
  }

  /** The same with the reading of {@link RawConnection.Reading#ALL}. */
  void each(int count, Act act) {
    each(count, server -> RawConnection.open(server, RawConnection.Reading.ALL), act);
  }

  // Attackers and honest clients share a core, and the honest ones must not starve of that.
  @SuppressWarnings("ThreadPriorityCheck")
  void start(Runnable work) {
    Thread thread = Thread.ofPlatform().daemon().priority(Thread.MIN_PRIORITY).unstarted(work);
    synchronized (threads) {
      threads.add(thread);
    }
    thread.start();
  }

  private void pauseQuietly() {
    try {
      pause(PAUSE_MILLIS);
    } catch (IOException e) {
      // The loop ends next.
    }
  }

  /** Returns how many connections were made, and how many of them failed or were closed. */
  String connections() {
    return "%,d connections, %,d ended by the server".formatted(connections.sum(), refused.sum());
  }

  @Override
  public void close() {
    closed = true;
    for (Closeable each : open) {
      try {
        each.close();
      } catch (IOException e) {
        // It is gone.
      }
    }
    List<Thread> all;
    synchronized (threads) {
      all = List.copyOf(threads);
    }
    for (Thread thread : all) {
      try {
        thread.join(Duration.ofSeconds(5));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
