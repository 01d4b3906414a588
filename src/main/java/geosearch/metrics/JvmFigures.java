package geosearch.metrics;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.RuntimeMXBean;
import java.lang.management.ThreadMXBean;

/** What is to be known of the process itself. */
final class JvmFigures {

  private JvmFigures() {}

  static void report(Metrics metrics) {
    MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    metrics.gauge("jvm.heap.used", () -> memory.getHeapMemoryUsage().getUsed());
    metrics.gauge("jvm.heap.max", () -> known((double) memory.getHeapMemoryUsage().getMax()));
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    metrics.gauge("jvm.threads", threads::getThreadCount);
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    metrics.gauge("jvm.cpu", () -> known(system.getProcessCpuLoad()));
    RuntimeMXBean runtime = ManagementFactory.getRuntimeMXBean();
    metrics.gauge("uptime", () -> runtime.getUptime() / 1e3);
  }

  /** The beans say -1 where they don't know. */
  private static double known(double value) {
    return value < 0 ? Double.NaN : value;
  }
}
