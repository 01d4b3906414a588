package geosearch.store;

import java.util.List;

/**
 * Changes that follow one another.
 *
 * @param changes in the order of their revisions, none left out between them
 * @param revision what to ask on from: the last one's, or a later one if there are no more up to it
 * @param more whether there are more
 */
public record ZoneChanges(List<ZoneChange> changes, long revision, boolean more) {

  public ZoneChanges {
    changes = List.copyOf(changes);
  }
}
