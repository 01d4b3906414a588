package geosearch.cli;

import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;

/**
 * Where something listens.
 *
 * @param host a name or an address
 * @param port 1 to 65535
 */
record HostAndPort(String host, int port) {

  /**
   * Reads {@code host:port}; an IPv6 address stands in brackets.
   *
   * @param defaultPort where none is given
   * @throws CommandException if it can't be read
   */
  static HostAndPort parse(String text, int defaultPort) {
    try {
      URI uri = new URI("tcp://" + text);
      int port = uri.getPort() < 0 ? defaultPort : uri.getPort();
      if (uri.getHost() != null
          && uri.getUserInfo() == null
          && uri.getAuthority().equals(text)
          && port >= 1
          && port <= 65_535) {
        return new HostAndPort(uri.getHost(), port);
      }
    } catch (URISyntaxException e) {
      // Said below.
    }
    throw new CommandException(
        ExitCode.USAGE, "not a host and port, such as localhost:" + defaultPort + ": " + text);
  }

  static HostAndPort of(InetSocketAddress address) {
    String host = address.getHostString();
    return new HostAndPort(host.contains(":") ? "[" + host + "]" : host, address.getPort());
  }

  InetSocketAddress resolve() {
    String name = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    return new InetSocketAddress(name, port);
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }
}
