package geosearch.cli;

import geosearch.load.ImportSource;
import geosearch.load.Importer;
import java.io.PrintStream;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Shows how far an import has come. */
abstract class ProgressDisplay implements Importer.Progress, AutoCloseable {

  static final long MEGABYTE = 1_000_000;

  /** A bar on a terminal, lines elsewhere, nothing where nothing is wanted. */
  static ProgressDisplay of(Console console, boolean quiet, List<ImportSource> sources) {
    if (quiet) {
      return new None();
    }
    return console.errIsTerminal().getAsBoolean()
        ? bar(console.err(), sources)
        : lines(console.err(), sources, System::nanoTime);
  }

  /**
   * A line every few seconds.
   *
   * @param clock nanoseconds
   */
  static ProgressDisplay lines(PrintStream err, List<ImportSource> sources, LongSupplier clock) {
    return new Lines(err, sources, clock);
  }

  /** A bar that is drawn over and over. */
  static ProgressDisplay bar(PrintStream err, List<ImportSource> sources) {
    return new Bar(err, sources);
  }

  @Override
  public abstract void close();

  /** How many bytes there are to read, as far as all sources tell; -1 else. */
  private static long total(List<ImportSource> sources) {
    long total = 0;
    for (ImportSource source : sources) {
      OptionalLong length = source.length();
      if (length.isEmpty()) {
        return -1;
      }
      total += length.getAsLong();
    }
    return total;
  }

  private static final class None extends ProgressDisplay {
    @Override
    public void update(long bytesRead, long features) {}

    @Override
    public void close() {}
  }

  private static final class Bar extends ProgressDisplay {
    private final List<ImportSource> sources;
    private final ProgressBar bar;

    Bar(PrintStream err, List<ImportSource> sources) {
      this.sources = sources;
      this.bar =
          new ProgressBarBuilder()
              .setTaskName("Import")
              .setUnit(" MB", MEGABYTE)
              .setInitialMax(total(sources))
              .setStyle(ProgressBarStyle.ASCII)
              .setConsumer(new ConsoleProgressBarConsumer(err))
              .build();
    }

    @Override
    public void update(long bytesRead, long features) {
      bar.maxHint(total(sources)).stepTo(bytesRead).setExtraMessage(" " + features + " features");
    }

    @Override
    public void close() {
      bar.close();
    }
  }

  private static final class Lines extends ProgressDisplay {
    private static final long INTERVAL_NANOS = 5_000_000_000L;

    private final PrintStream err;
    private final List<ImportSource> sources;
    private final LongSupplier clock;
    private long last;

    Lines(PrintStream err, List<ImportSource> sources, LongSupplier clock) {
      this.err = err;
      this.sources = sources;
      this.clock = clock;
      this.last = clock.getAsLong();
    }

    @Override
    public void update(long bytesRead, long features) {
      long now = clock.getAsLong();
      if (now - last < INTERVAL_NANOS) {
        return;
      }
      last = now;
      long total = total(sources);
      err.println(
          bytesRead / MEGABYTE
              + (total < 0 ? "" : " of " + total / MEGABYTE)
              + " MB read, "
              + features
              + " features");
    }

    @Override
    public void close() {}
  }
}
