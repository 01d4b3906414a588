package geosearch.load;

import com.sun.management.OperatingSystemMXBean;
import geosearch.geo.Area;
import geosearch.geo.AreaIndex;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much of the heap loads may take. One that can't fit is refused while it still does: running
 * out of memory would end the server, and with it the answers from what it has.
 *
 * <p>Safe for use by several threads.
 */
public final class HeapRoom {

  /** For threads, caches and the collector to get on, beside the memory for traffic. */
  private static final long OTHERS = 15L << 20;

  /** At least so much is left to all but loads. */
  static final long OWN = 40L << 20;

  /**
   * Bytes of what is read, and of the index that is made of it before that is let go. In all it
   * comes to some 40 MB more than the heap in which the communes could just be loaded, alone or
   * beside themselves, and to 60 MB more with 200,000 zones: in less the JVM ran out of memory.
   */
  private static final int PER_VERTEX = 45;

  private static final int PER_AREA = 400;

  /** An {@link Area} that is held, but for its texts. */
  private static final int PER_HELD_AREA = 100;

  /**
   * For the JVM beside its heap: its code and classes, what the collector notes, the network's
   * buffers. Up to 122 MB more than the largest heap were resident, files apart, where the communes
   * were loaded in small containers and tables located meanwhile.
   */
  private static final long BESIDE_HEAP = 130L << 20;

  private final long bytes;
  private final long own;
  private final List<Cache> caches = new CopyOnWriteArrayList<>();
  private volatile long held;

  /** What all loads have taken that have not ended. */
  private final AtomicLong underWay = new AtomicLong();

  /** Indexes that can be done without: they are dropped where a load lacks room. */
  interface Cache {
    long sizeInBytes();

    void clear();
  }

  /**
   * Room in a heap.
   *
   * @param bytes how large it may become
   */
  HeapRoom(long bytes) {
    this(bytes, 0);
  }

  /**
   * Room in a heap that traffic shares.
   *
   * @param traffic bytes that calls and connections may take
   */
  HeapRoom(long bytes, long traffic) {
    this.bytes = bytes;
    this.own = Math.max(OWN, OTHERS + traffic);
  }

  /** What this process may have if it has no traffic. */
  public static HeapRoom ofThisProcess() {
    return ofThisProcess(0);
  }

  /**
   * What this process may have.
   *
   * @param traffic bytes of the heap that calls and connections may take; as much may wait outside
   *     of it to be sent
   */
  public static HeapRoom ofThisProcess(long traffic) {
    return of(
        Runtime.getRuntime().maxMemory(),
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize(),
        traffic);
  }

  /**
   * What a process may have.
   *
   * @param largestHeap that the JVM allows, in bytes
   * @param memory of the machine, or what the container may have of it, in bytes: the system ends
   *     what takes more
   * @param traffic bytes that calls and connections may take, in the heap and once more outside
   */
  static HeapRoom of(long largestHeap, long memory, long traffic) {
    return new HeapRoom(Math.min(largestHeap, memory - BESIDE_HEAP - traffic), traffic);
  }

  /** For what is bounded otherwise. */
  public static HeapRoom unlimited() {
    return new HeapRoom(Long.MAX_VALUE);
  }

  /** How large the heap may become, in bytes. */
  long bytes() {
    return bytes;
  }

  /** The same for people, with what to do where that is too little. */
  String limit() {
    return "the heap may have %,d MB (raise the container's memory limit, or -Xmx)"
        .formatted(bytes >> 20);
  }

  void add(Cache cache) {
    caches.add(cache);
  }

  /**
   * Takes note of what is held and can't be done without.
   *
   * @param size of all of it, in bytes
   */
  void hold(long size) {
    held = size;
    clearCachesWithMoreThan(bytes - inUse() - underWay.get());
  }

  /** What is in use, caches and loads that are under way apart. */
  long inUse() {
    return own + held;
  }

  /** What an index takes in memory. */
  static long sizeInBytes(AreaIndex index) {
    return index.sizeInBytes() + index.textBytes() + (long) PER_HELD_AREA * index.size();
  }

  /** What it takes to index so much, the index that comes of it included; texts apart. */
  static long loadBytes(long areas, long vertices) {
    return PER_AREA * areas + PER_VERTEX * vertices;
  }

  /** Whether there would be room for so many bytes with nothing else under way. */
  boolean wouldFit(long more) {
    return more <= bytes - inUse();
  }

  /** The room for one load, beside others that are under way. */
  Load load() {
    return new Load();
  }

  private void clearCachesWithMoreThan(long left) {
    long cached = 0;
    for (Cache cache : caches) {
      cached += cache.sizeInBytes();
    }
    if (cached > left) {
      caches.forEach(Cache::clear);
    }
  }

  /**
   * What one load has taken so far. It is to be closed when what came of it is held, or nothing of
   * it is. For use by one thread at a time.
   */
  final class Load implements AutoCloseable {
    private long taken;
    private long areas;
    private long vertices;

    /**
     * Counts an area.
     *
     * @param points how many vertices its outline has
     * @throws NoRoomException if there is no room for it
     */
    void add(Area area, int points) {
      add(1, points, area.textBytes());
    }

    /**
     * Counts the areas of an index that is to be built anew; it is held meanwhile, and the other
     * one shares their texts.
     *
     * @throws NoRoomException if there is no room for that
     */
    void add(AreaIndex index) {
      add(index.size(), index.vertices(), 0);
    }

    private void add(long moreAreas, long moreVertices, long text) {
      areas += moreAreas;
      vertices += moreVertices;
      long more = loadBytes(moreAreas, moreVertices) + text;
      if (!take(more)) {
        long others = Math.max(0, underWay.get() - taken);
        throw new NoRoomException(
            "it does not fit into the memory: its first %,d areas with %,d vertices take some %,d MB while they are loaded, beside %,d MB that are in use, and %s"
                .formatted(
                    areas, vertices, (taken + more) >> 20, (inUse() + others) >> 20, limit()),
            wouldFit(taken + more),
            held);
      }
    }

    /**
     * Counts what is no area, if there is room for it.
     *
     * @param more in bytes
     */
    boolean take(long more) {
      taken += more;
      long left = bytes - inUse() - underWay.addAndGet(more);
      if (left >= 0) {
        clearCachesWithMoreThan(left);
        return true;
      }
      taken -= more;
      underWay.addAndGet(-more);
      return false;
    }

    /** Gives back what was taken, for it came to nothing or is held. */
    @Override
    public void close() {
      underWay.addAndGet(-taken);
      taken = 0;
    }
  }
}
