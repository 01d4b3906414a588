package geosearch;

import geosearch.atlas.Snapshot;
import geosearch.atlas.View;
import geosearch.config.ServerConfig;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What a server says to whoever has started it: where it listens, what it has, and commands to try.
 */
final class Greeting {

  private final PrintStream out;

  Greeting(PrintStream out) {
    this.out = out;
  }

  /** Said as soon as it listens. */
  void listens(ServerConfig config, int port, String store) {
    String target = reachableHost(config.address()) + ":" + port;
    String server = port == 50051 ? "" : "--server " + target + " ";
    out.printf(
        """
        geosearch listens on %s:%d
        areas are kept in %s
        try:
          ./geosearch locate %s45.75 4.85
          grpcurl -plaintext -d '{"position": {"latitude": 45.75, "longitude": 4.85}}' %s geosearch.v1.GeoSearch/Locate
        Ctrl-C stops it.
        """,
        config.address(), port, store, server, target);
    out.flush();
  }

  /** Said once, when it is ready. */
  void ready(View view) {
    String layers =
        view.layers().stream().map(Greeting::describe).collect(Collectors.joining(", "));
    out.println("ready: " + (layers.isEmpty() ? "there is no layer yet" : layers));
    out.flush();
  }

  private static String describe(Snapshot snapshot) {
    return String.format(
        Locale.ROOT, "%s (%,d areas)", snapshot.layer().name(), snapshot.index().size());
  }

  /** What a client on this machine calls a server that listens on all addresses. */
  private static String reachableHost(String address) {
    try {
      return InetAddress.getByName(address).isAnyLocalAddress() ? "127.0.0.1" : address;
    } catch (UnknownHostException e) {
      return address;
    }
  }
}
