package geosearch.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports of this machine that stay free while nothing listens there. One that the system chooses is
 * of the range from which connections have theirs, so that it may be taken by one, even by a client
 * that tries to reach the very server that is to listen there again.
 */
final class Ports {

  private static final int FIRST = 15_000;
  private static final int END = 32_000; // where Linux's range for connections begins, and others'

  private Ports() {}

  /** A port where nothing listens, on any address. */
  static int free() {
    try (ServerSocket socket = listen((InetAddress) null)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Listens on such a port of an address; {@code null} means all of them. */
  static ServerSocket listen(InetAddress address) throws IOException {
    while (true) {
      try {
        return listen(
            new InetSocketAddress(address, ThreadLocalRandom.current().nextInt(FIRST, END)));
      } catch (BindException e) {
        // Somebody listens there; the next may be free.
      }
    }
  }

  /** Listens there, also where connections of the one that listened there before linger. */
  static ServerSocket listen(InetSocketAddress address) throws IOException {
    ServerSocket socket = new ServerSocket();
    try {
      socket.setReuseAddress(true);
      socket.bind(address);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }
}
