package geosearch.store;

import org.locationtech.jts.geom.Geometry;

/**
 * How much more goes into a page of zones or changes: so many of them, and with outlines about a
 * mebibyte of these, but one at least. Otherwise pages of zones with large outlines would take much
 * memory at once, on each of many threads.
 */
final class PageRoom {

  static final long OUTLINE_BYTES = 1 << 20;

  private static final int BYTES_PER_VERTEX = 2 * Double.BYTES;

  private final int limit;
  private int items;
  private long bytes;

  /**
   * Creates the room of an empty page.
   *
   * @param limit how many go into it at most, from 1
   */
  PageRoom(int limit) {
    this.limit = limit;
  }

  boolean isFull() {
    return items == limit || bytes >= OUTLINE_BYTES;
  }

  void add(Zone zone) {
    add(zone.outline().map(Geometry::getNumPoints).orElse(0) * (long) BYTES_PER_VERTEX);
  }

  /** Adds an item whose outline takes so many bytes. */
  void add(long outlineBytes) {
    items++;
    bytes += outlineBytes;
  }
}
