package geosearch.store;

import java.util.List;

/**
 * Zones that follow one another.
 *
 * @param zones in the order of their keys; at least one if there is more
 * @param more whether there may be more after the last of them
 */
public record ZonePage(List<Zone> zones, boolean more) {

  public ZonePage {
    zones = List.copyOf(zones);
  }
}
