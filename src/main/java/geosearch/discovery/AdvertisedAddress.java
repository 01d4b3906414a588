package geosearch.discovery;

import geosearch.config.ConsulConfig;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;

/**
 * Where the server is said to be.
 *
 * @param forClients what Consul's DNS answers; empty means the agent's own address
 * @param forChecks where the agent looks for the server
 */
record AdvertisedAddress(String forClients, String forChecks) {

  /**
   * The address of the settings; without one, that on which the server listens. A server that
   * listens on all addresses is at the one from which it reaches the agent. Where it reaches it
   * over the loopback interface, both are on one machine, and the agent knows best at which address
   * other machines see that.
   *
   * @param listening the address on which the server listens, as in the settings
   * @throws AgentException if the agent can't be reached at all, or could not reach the server
   */
  static AdvertisedAddress of(ConsulConfig config, String listening) throws AgentException {
    if (!config.advertiseAddress().isEmpty()) {
      return new AdvertisedAddress(config.advertiseAddress(), config.advertiseAddress());
    }
    try {
      InetAddress own = InetAddress.getByName(listening);
      InetAddress agent = InetAddress.getByName(config.host());
      if (own.isAnyLocalAddress()) {
        String towards = text(towards(agent, config.port()));
        return new AdvertisedAddress(agent.isLoopbackAddress() ? "" : towards, towards);
      }
      if (own.isLoopbackAddress() && !isOfThisMachine(agent)) {
        throw new AgentException(
            "the server listens on "
                + listening
                + " alone, which can't be reached from elsewhere: set server.address or"
                + " consul.advertise-address",
            false,
            null);
      }
      return new AdvertisedAddress(text(own), text(own));
    } catch (IOException e) {
      throw new AgentException("no way to the agent is known: " + e.getMessage(), false, e);
    }
  }

  /** Connecting a datagram socket sends nothing, but chooses the address to send from. */
  private static InetAddress towards(InetAddress agent, int port) throws IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(new InetSocketAddress(agent, port));
      return socket.getLocalAddress();
    }
  }

  private static boolean isOfThisMachine(InetAddress address) throws IOException {
    return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
  }

  /** Without the zone of a link-local address, which has a meaning on this machine alone. */
  private static String text(InetAddress address) {
    String text = address.getHostAddress();
    int zone = text.indexOf('%');
    return zone < 0 ? text : text.substring(0, zone);
  }
}
