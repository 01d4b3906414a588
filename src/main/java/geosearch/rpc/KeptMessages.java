package geosearch.rpc;

import com.google.protobuf.MessageLite;
import geosearch.atlas.Snapshot;
import geosearch.geo.AreaIndex;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * What answers say of the areas of the layers that are served, in bytes, each kept once it was
 * asked for: an area and its texts lie in six places of the memory, and to wait for those costs
 * more than finding the area; its bytes lie in one. Safe for use by several threads.
 */
final class KeptMessages {

  /** Longer ones are made anew each time: what is kept should not exceed the index by far. */
  private static final int LONGEST = 256;

  /** Says something of an area. */
  @FunctionalInterface
  interface Maker {
    MessageLite message(Snapshot snapshot, int ordinal);
  }

  private final Maker maker;
  private final Map<String, OfIndex> byLayer = new ConcurrentHashMap<>();

  /**
   * @param maker says the same of an area each time
   */
  KeptMessages(Maker maker) {
    this.maker = maker;
  }

  /**
   * Those of an index that was built as a whole, by number.
   *
   * @param built is not kept in memory by this
   */
  private record OfIndex(WeakReference<AreaIndex> built, AtomicReferenceArray<byte[]> bytes) {
    OfIndex(AreaIndex built) {
      this(new WeakReference<>(built), new AtomicReferenceArray<>(built.size()));
    }
  }

  /** What there is to say of the areas of a snapshot. */
  OfSnapshot of(Snapshot snapshot) {
    AreaIndex built = snapshot.index().built();
    // A state that somebody asked about must not push out what is served.
    if (snapshot.generation() == 0) {
      return new OfSnapshot(snapshot, new AtomicReferenceArray<>(0));
    }
    String layer = snapshot.layer().name();
    OfIndex known = byLayer.get(layer);
    if (known == null || !known.built.refersTo(built)) {
      known = new OfIndex(built);
      byLayer.put(layer, known);
    }
    return new OfSnapshot(snapshot, known.bytes);
  }

  /** Messages about the areas of a snapshot. */
  final class OfSnapshot {
    private final Snapshot snapshot;
    private final AtomicReferenceArray<byte[]> kept;

    private OfSnapshot(Snapshot snapshot, AtomicReferenceArray<byte[]> kept) {
      this.snapshot = snapshot;
      this.kept = kept;
    }

    /** What there is to say of an area; not to be written to. */
    byte[] bytes(int ordinal) {
      int number = snapshot.index().numberInBuilt(ordinal);
      if (number < 0 || number >= kept.length()) {
        return make(ordinal);
      }
      byte[] bytes = kept.getAcquire(number);
      if (bytes == null) {
        bytes = make(ordinal);
        if (bytes.length <= LONGEST) {
          kept.setRelease(number, bytes);
        }
      }
      return bytes;
    }

    /** Reads the beginning of a message if it is kept; what it answers says nothing. */
    int fetch(int ordinal) {
      int number = snapshot.index().numberInBuilt(ordinal);
      byte[] bytes = number < 0 || number >= kept.length() ? null : kept.getAcquire(number);
      return bytes == null ? 0 : bytes.length;
    }

    private byte[] make(int ordinal) {
      return maker.message(snapshot, ordinal).toByteArray();
    }
  }
}
