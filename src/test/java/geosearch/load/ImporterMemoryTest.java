package geosearch.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The heap that an import needs does not grow with the file. */
class ImporterMemoryTest {

  @TempDir Path folder;

  @Test
  void run_fileLargerThanTheHeap_isImported() throws Exception {
    Path output = folder.resolve("output");
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx64m",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    System.getProperty("java.class.path"),
                    LargeFile.class.getName(),
                    String.valueOf(100L << 20),
                    folder.resolve("store").toString()))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertTrue(process.waitFor(3, TimeUnit.MINUTES), "took too long");
    } finally {
      process.destroyForcibly();
    }

    String text = Files.readString(output);
    assertEquals(0, process.exitValue(), text);
    assertEquals("72339 areas", text.strip());
  }
}
