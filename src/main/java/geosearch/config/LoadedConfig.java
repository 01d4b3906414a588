package geosearch.config;

import java.util.List;

/**
 * The settings in force, and where each came from.
 *
 * @param config the checked values
 * @param settings the same for people, in the order of the file of all settings
 */
public record LoadedConfig(Config config, List<Setting> settings) {

  public LoadedConfig {
    settings = List.copyOf(settings);
  }
}
