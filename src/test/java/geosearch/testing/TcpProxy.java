package geosearch.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Passes connections on to a server, until a test makes it refuse them, cut them off or stall them.
 */
public final class TcpProxy implements AutoCloseable {

  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  private final InetSocketAddress target;
  private final int port;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition resumed = lock.newCondition();
  private boolean stalled;
  private volatile ServerSocket server;
  private volatile Thread acceptor;

  /** Listens on a free port of the loopback address. */
  public TcpProxy(String host, int targetPort) {
    this.target = new InetSocketAddress(host, targetPort);
    try {
      this.server = accepting(Ports.listen(LOOPBACK));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.port = server.getLocalPort();
  }

  /** Where it listens. */
  public int port() {
    return port;
  }

  /** Cuts all connections off and refuses new ones. */
  public void stop() {
    close(server);
    // The port is free again once nobody waits there for connections.
    try {
      acceptor.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    cut();
  }

  /** Accepts connections again after {@link #stop}. */
  public void start() {
    try {
      server = accepting(Ports.listen(new InetSocketAddress(LOOPBACK, port)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Cuts all connections off; new ones are welcome. */
  public void cut() {
    sockets.forEach(TcpProxy::close);
    sockets.clear();
  }

  /** Passes nothing on any more, in any direction, and says nothing. */
  public void stall() {
    setStalled(true);
  }

  /** Goes on where {@link #stall} stopped. */
  public void resume() {
    setStalled(false);
  }

  @Override
  public void close() {
    stop();
    resume();
  }

  private void setStalled(boolean value) {
    lock.lock();
    try {
      stalled = value;
      resumed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void awaitResumed() throws InterruptedException {
    lock.lock();
    try {
      while (stalled) {
        resumed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  private ServerSocket accepting(ServerSocket listening) {
    acceptor = Thread.ofVirtual().start(() -> accept(listening));
    return listening;
  }

  private void accept(ServerSocket listening) {
    while (!listening.isClosed()) {
      try {
        Socket client = listening.accept();
        sockets.add(client);
        Socket upstream = new Socket();
        sockets.add(upstream);
        upstream.connect(target);
        pump(client, upstream);
        pump(upstream, client);
      } catch (IOException e) {
        // The next connection may do better; a closed server ends the loop.
      }
    }
  }

  private void pump(Socket from, Socket to) {
    Thread.ofVirtual()
        .start(() -> {
          byte[] buffer = new byte[1 << 16];
          try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
              awaitResumed();
              out.write(buffer, 0, read);
            }
          } catch (IOException | InterruptedException e) {
            // Either end has gone.
          } finally {
            close(from);
            close(to);
          }
        });
  }

  private static void close(AutoCloseable socket) {
    try {
      socket.close();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
