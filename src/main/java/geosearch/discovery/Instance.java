package geosearch.discovery;

import java.util.Map;

/** The server that is registered. Asked anew before each comparison with what Consul has. */
public interface Instance {

  /** The address on which it listens, as in the settings; may be a wildcard. */
  String address();

  /** The port on which it listens, 1 to 65535. */
  int port();

  /**
   * What clients may want to know of it beside the settings' own meta data, such as its version.
   */
  Map<String, String> meta();
}
