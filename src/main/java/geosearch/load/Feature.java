package geosearch.load;

import geosearch.geo.Area;
import java.util.Optional;
import org.locationtech.jts.geom.Geometry;

/** A feature of a file, on its way into the store. */
sealed interface Feature {

  /** The file that it is in. */
  String source();

  /** Its place in that file, from 1. */
  long number();

  /** Read, but its outline has not been looked at. */
  record Candidate(String source, long number, Area area, RawOutline outline) implements Feature {}

  /**
   * Ready for the store.
   *
   * @param repair what was wrong with the outline as it was read
   */
  record Usable(
      String source, long number, Area area, Geometry outline, Optional<ImportReport.Repair> repair)
      implements Feature {}

  /** Can't be used, and why. */
  record Unusable(String source, long number, String reason) implements Feature {}
}
