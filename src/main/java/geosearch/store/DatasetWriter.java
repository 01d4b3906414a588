package geosearch.store;

import geosearch.geo.Area;
import org.locationtech.jts.geom.Geometry;

/** Writes a new version of a layer in one transaction. For use by one thread. */
public interface DatasetWriter extends AutoCloseable {

  /**
   * Adds an area.
   *
   * @param featureNumber its place in the file, from 1; counted through where there are several
   * @param outline a polygon or multipolygon in WGS 84
   */
  void add(long featureNumber, Area area, Geometry outline);

  /**
   * Commits the version, makes it the active one, and drops those that are no longer kept.
   *
   * @param force allows that the layer loses more than half of its areas
   * @throws StoreException of kind REFUSED, and nothing has changed, for ids that occur more than
   *     once (with the first ten and their feature numbers) and for a layer that would lose more
   *     than half of its areas; of kind CHANGED, and nothing has changed either, for a layer that
   *     was deleted since the import began
   */
  Dataset commit(Provenance provenance, boolean force);

  /** Gives up what was not committed. */
  @Override
  void close();

  /** What is written down of a file; see {@link Dataset} for the meaning of each. */
  record Provenance(
      String source,
      String checksum,
      long repaired,
      long skipped,
      String attribution,
      double accuracyMetres) {}
}
