package geosearch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import geosearch.load.ImportSource;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressDisplayTest {

  private final AtomicLong seconds = new AtomicLong();
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final PrintStream err = new PrintStream(written, true, StandardCharsets.UTF_8);

  private String written() {
    return written.toString(StandardCharsets.UTF_8);
  }

  private ProgressDisplay lines(ImportSource... sources) {
    return ProgressDisplay.lines(err, List.of(sources), () -> seconds.get() * 1_000_000_000);
  }

  @Test
  void lines_someSecondsApart_areFew() {
    try (ProgressDisplay lines =
        lines(source(OptionalLong.of(30_000_000)), source(OptionalLong.of(6_000_000)))) {
      for (int i = 0; i <= 12; i++) {
        seconds.set(i);
        lines.update(i * 3_000_000L, i * 10L);
      }
    }

    assertEquals("15 of 36 MB read, 50 features\n30 of 36 MB read, 100 features\n", written());
  }

  @Test
  void lines_unknownLength_tellNoTotal() {
    try (ProgressDisplay lines = lines(source(OptionalLong.empty()))) {
      seconds.set(5);
      lines.update(7_500_000, 20);
    }

    assertEquals("7 MB read, 20 features\n", written());
  }

  @Test
  void bar_update_isDrawn() {
    try (ProgressDisplay bar =
        ProgressDisplay.bar(err, List.of(source(OptionalLong.of(30_000_000))))) {
      bar.update(15_000_000, 1234);
    }

    assertTrue(written().contains("Import"), written());
    assertTrue(written().contains("50%"), written());
    assertTrue(written().contains("15/30 MB"), written());
  }

  @Test
  void quiet_update_saysNothing() {
    try (ProgressDisplay none =
        ProgressDisplay.of(
            new Console(InputStream.nullInputStream(), err, err, () -> true), true, List.of())) {
      none.update(1, 1);
    }

    assertEquals("", written());
  }

  private static ImportSource source(OptionalLong length) {
    return new ImportSource() {
      @Override
      public String name() {
        return "x";
      }

      @Override
      public OptionalLong length() {
        return length;
      }

      @Override
      public InputStream open() {
        throw new AssertionError();
      }
    };
  }
}
