package geosearch.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PostgisMigrationTest {

  @Test
  void version_ofTheCode_isTheNewestScript() throws IOException {
    try (Stream<Path> scripts = Files.list(Path.of("src", "main", "resources", "db", "postgis"))) {
      assertEquals(
          PostgisMigration.VERSION,
          scripts
              .map(script -> script.getFileName().toString())
              .mapToInt(name -> Integer.parseInt(name.substring(1, name.indexOf("__"))))
              .max()
              .orElseThrow());
    }
  }
}
