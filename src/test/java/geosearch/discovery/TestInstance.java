package geosearch.discovery;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A server that is only said to be. */
final class TestInstance implements Instance {

  final Map<String, String> meta = new ConcurrentHashMap<>(Map.of("version", "1.2.3"));
  private final String address;
  private final int port;

  TestInstance(String address, int port) {
    this.address = address;
    this.port = port;
  }

  @Override
  public String address() {
    return address;
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public Map<String, String> meta() {
    return meta;
  }
}
