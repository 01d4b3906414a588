package geosearch.metrics;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.RuntimeMXBean;
import java.util.regex.Pattern;

/** What is to be known of the process itself. */
final class JvmFigures {

  /** What the collectors that have one call the part of the heap that they seldom look through. */
  private static final Pattern LONG_LIVED = Pattern.compile("(Old|Tenured) Gen$");

  private JvmFigures() {}

  static void report(Metrics metrics) {
    MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    metrics.gauge("jvm.heap.used", () -> memory.getHeapMemoryUsage().getUsed());
    metrics.gauge("jvm.heap.max", () -> known((double) memory.getHeapMemoryUsage().getMax()));
    ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
    metrics.counter("jvm.gc.memory.allocated", threads::getTotalThreadAllocatedBytes);
    metrics.gauge("jvm.threads", threads::getThreadCount);
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    metrics.gauge("jvm.cpu", () -> known(system.getProcessCpuLoad()));
    ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> LONG_LIVED.matcher(pool.getName()).find())
        .forEach(pool -> {
          metrics.gauge(
              "jvm.gc.live.data.size", () -> (double) pool.getCollectionUsage().getUsed());
          metrics.gauge(
              "jvm.gc.max.data.size", () -> known((double) pool.getCollectionUsage().getMax()));
        });
    RuntimeMXBean runtime = ManagementFactory.getRuntimeMXBean();
    metrics.gauge("uptime", () -> runtime.getUptime() / 1e3);
  }

  /** The beans say -1 where they don't know. */
  private static double known(double value) {
    return value < 0 ? Double.NaN : value;
  }
}
