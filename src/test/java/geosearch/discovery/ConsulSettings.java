package geosearch.discovery;

import geosearch.config.ConfigLoader;
import geosearch.config.ConsulConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The defaults of the settings below {@code consul}, quicker where they are about time. */
final class ConsulSettings {

  private ConsulSettings() {}

  /**
   * @param changes names below {@code consul} and values
   */
  static ConsulConfig of(String host, int port, Map<String, String> changes) {
    Map<String, String> values = new HashMap<>();
    values.put("host", host);
    values.put("port", String.valueOf(port));
    values.put("check-interval", "1s");
    values.put("check-timeout", "1s");
    values.put("reconcile-interval", "500ms");
    values.put("request-timeout", "2s");
    values.putAll(changes);
    Map<String, String> environment = new HashMap<>(Map.of("HOME", "/nowhere"));
    values.forEach(
        (name, value) -> environment.put(ConfigLoader.environmentName("consul." + name), value));
    return new ConfigLoader(environment).load(Optional.empty(), List.of()).config().consul();
  }
}
