package geosearch.attack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What a container uses, as its control group counts it; cgroups of either version. Memory is
 * without the files that the system could drop at any time, as {@code docker stats} shows it, and
 * sampled every few milliseconds, because the group's own maximum includes those files.
 */
final class ControlGroup implements AutoCloseable {

  private static final long SAMPLE_MILLIS = 20;

  private final Path usage;
  private final Path details;
  private final String inactive;
  private final Path processor;
  private final Thread sampler;
  private volatile long peak;
  private volatile long last;
  private volatile long processorNanos;
  private volatile long sampledNanos;
  private volatile long restartProcessorNanos;
  private volatile long restartNanos;

  private ControlGroup(Path usage, Path details, String inactive, Path processor) {
    this.usage = usage;
    this.details = details;
    this.inactive = inactive;
    this.processor = processor;
    this.sampler = Thread.ofPlatform().daemon().start(this::sample);
  }

  /** Begins to sample the groups of a process. */
  static ControlGroup of(long pid) throws IOException {
    List<String> lines = Files.readAllLines(Path.of("/proc/" + pid + "/cgroup"));
    Map<String, Path> groups = new HashMap<>();
    Path unified = Path.of("/sys/fs/cgroup");
    for (String line : lines) {
      String[] parts = line.split(":", 3);
      for (String controller : parts[1].split(",", -1)) {
        groups.put(controller, Path.of("/sys/fs/cgroup/" + controller + parts[2]));
      }
      unified = parts[1].isEmpty() ? Path.of("/sys/fs/cgroup" + parts[2]) : unified;
    }
    Path memory = groups.get("memory");
    return memory == null
        ? new ControlGroup(
            unified.resolve("memory.current"),
            unified.resolve("memory.stat"),
            "inactive_file ",
            unified.resolve("cpu.stat"))
        : new ControlGroup(
            memory.resolve("memory.usage_in_bytes"),
            memory.resolve("memory.stat"),
            "total_inactive_file ",
            groups.get("cpuacct").resolve("cpuacct.usage"));
  }

  /**
   * Returns what the container has taken of the processor since {@link #restart}, in cores. Less
   * than its share, while calls wait, means that others on this machine took the rest.
   */
  double cores() {
    return (processorNanos - restartProcessorNanos) / (double) (sampledNanos - restartNanos);
  }

  private long readProcessorNanos() throws IOException {
    String text = Files.readString(processor);
    return text.startsWith("usage_usec ")
        ? 1_000 * Long.parseLong(text.lines().findFirst().orElseThrow().substring(11))
        : Long.parseLong(text.strip());
  }

  private void sample() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        long bytes = Long.parseLong(Files.readString(usage).strip());
        for (String line : Files.readAllLines(details)) {
          if (line.startsWith(inactive)) {
            bytes -= Long.parseLong(line.substring(inactive.length()));
          }
        }
        last = bytes;
        processorNanos = readProcessorNanos();
        sampledNanos = System.nanoTime();
        peak = Math.max(peak, bytes);
        TimeUnit.MILLISECONDS.sleep(SAMPLE_MILLIS);
      }
    } catch (IOException | InterruptedException e) {
      // The container, or the measurement, has ended.
    }
  }

  /** Forgets what was so far. */
  void restart() {
    peak = last;
    restartProcessorNanos = processorNanos;
    restartNanos = sampledNanos;
  }

  /** Returns the most since {@link #restart}, in MB of 2^20 bytes, the unit of container limits. */
  double peakMegabytes() {
    return peak / (double) (1 << 20);
  }

  double megabytes() {
    return last / (double) (1 << 20);
  }

  @Override
  public void close() {
    sampler.interrupt();
  }
}
