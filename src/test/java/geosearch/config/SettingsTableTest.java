package geosearch.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SettingsTableTest {

  private static final Path PAGE = Path.of("docs", "settings.md");

  @Test
  void page_inTheDocuments_isThatOfTheFile() throws IOException {
    String page = SettingsTable.of(yaml());
    if (Boolean.getBoolean("geosearch.write-docs")) {
      Files.createDirectories(PAGE.getParent());
      Files.writeString(PAGE, page);
    }

    assertEquals(
        page,
        Files.readString(PAGE),
        PAGE
            + " is not what geosearch.yaml says; write it anew:"
            + " ./mvnw test -Dtest=SettingsTableTest -Dgeosearch.write-docs=true");
  }

  private static String yaml() throws IOException {
    try (var in = SettingsTableTest.class.getResourceAsStream("/geosearch.yaml")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
