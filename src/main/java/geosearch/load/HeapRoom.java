package geosearch.load;

import com.sun.management.OperatingSystemMXBean;
import geosearch.geo.Area;
import java.lang.management.ManagementFactory;
import java.util.Map;

/**
 * How much of the heap a load may take. One that can't fit is refused while it still does: running
 * out of memory would end the server, and with it the answers from what it has.
 *
 * @param heap how large it may become, in bytes
 */
record HeapRoom(long heap) {

  /** For calls, connections and threads, and for the collector to get on. */
  static final long OWN = 40L << 20;

  /**
   * Bytes of what is read, and of the index that is made of it before that is let go. In all it
   * comes to some 40 MB more than the heap in which the communes could just be loaded, alone or
   * beside themselves, and to 60 MB more with 200,000 zones: in less the JVM ran out of memory.
   */
  private static final int PER_VERTEX = 45;

  private static final int PER_AREA = 400;

  /**
   * For the JVM beside its heap: its code and classes, what the collector notes, the network's
   * buffers. Up to 122 MB more than the largest heap were resident, files apart, where the communes
   * were loaded in small containers and tables located meanwhile.
   */
  private static final long BESIDE_HEAP = 120L << 20;

  /** What this process may have. */
  static HeapRoom ofThisProcess() {
    return of(
        Runtime.getRuntime().maxMemory(),
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize());
  }

  /**
   * What a process may have.
   *
   * @param largestHeap that the JVM allows, in bytes
   * @param memory of the machine, or what the container may have of it, in bytes: the system ends
   *     what takes more
   */
  static HeapRoom of(long largestHeap, long memory) {
    return new HeapRoom(Math.min(largestHeap, memory - BESIDE_HEAP));
  }

  /** For a load that is bounded otherwise. */
  static Load unlimited() {
    return new HeapRoom(Long.MAX_VALUE).beside(0);
  }

  /**
   * The room for one load.
   *
   * @param indexes bytes of the indexes that are held meanwhile, the one that is to be replaced
   *     among them
   */
  Load beside(long indexes) {
    return new Load(OWN + indexes);
  }

  /** What one load has taken so far. For use by one thread. */
  final class Load {
    private final long held;
    private long taken;
    private long areas;
    private long vertices;

    private Load(long held) {
      this.held = held;
    }

    /**
     * Counts an area.
     *
     * @param points how many vertices its outline has
     * @throws NoRoomException if there is no room for it
     */
    void add(Area area, int points) {
      areas++;
      vertices += points;
      taken += PER_AREA + (long) PER_VERTEX * points + text(area);
      if (taken > heap - held) {
        throw new NoRoomException(
            "it does not fit into the memory: its first %,d areas with %,d vertices take some %,d MB while they are loaded, beside %,d MB that are in use, and the heap may have %,d MB (raise the container's memory limit, or -Xmx)"
                .formatted(areas, vertices, taken >> 20, held >> 20, heap >> 20));
      }
    }

    /** In UTF-16 while it is read. */
    private static long text(Area area) {
      long characters = (long) area.id().length() + area.name().length();
      for (Map.Entry<String, String> attribute : area.attributes().entrySet()) {
        characters += (long) attribute.getKey().length() + attribute.getValue().length();
      }
      return 2L * characters;
    }
  }
}
