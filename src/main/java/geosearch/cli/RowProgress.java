package geosearch.cli;

import java.io.PrintStream;
import java.util.function.LongSupplier;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Shows how many rows of a table have been written. */
interface RowProgress extends AutoCloseable {

  long INTERVAL_NANOS = 5_000_000_000L;

  /**
   * Says how far it has come.
   *
   * @param rows that have been written
   */
  void update(long rows);

  @Override
  default void close() {}

  /** A bar on a terminal, a line every few seconds elsewhere, nothing where nothing is wanted. */
  static RowProgress of(Console console, boolean quiet) {
    if (quiet) {
      return rows -> {};
    }
    return console.errIsTerminal().getAsBoolean()
        ? new Bar(console.err())
        : lines(console.err(), System::nanoTime);
  }

  /**
   * A line every few seconds.
   *
   * @param clock nanoseconds
   */
  static RowProgress lines(PrintStream err, LongSupplier clock) {
    long[] last = {clock.getAsLong()};
    return rows -> {
      long now = clock.getAsLong();
      if (now - last[0] >= INTERVAL_NANOS) {
        last[0] = now;
        err.println(rows + " rows");
      }
    };
  }

  /** A count that is drawn over and over, of a total that nobody knows. */
  final class Bar implements RowProgress {
    private final ProgressBar bar;

    Bar(PrintStream err) {
      bar =
          new ProgressBarBuilder()
              .setTaskName("Locate")
              .setUnit(" rows", 1)
              .setInitialMax(-1)
              .setStyle(ProgressBarStyle.ASCII)
              .setConsumer(new ConsoleProgressBarConsumer(err))
              .build();
    }

    @Override
    public void update(long rows) {
      bar.stepTo(rows);
    }

    @Override
    public void close() {
      bar.close();
    }
  }
}
