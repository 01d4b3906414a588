package geosearch.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputFileTest {

  @TempDir private Path folder;

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static void write(Path file, String text) throws Exception {
    OutputFile.write(file, out -> out.write(text.getBytes(UTF_8)));
  }

  @Test
  void write_newFile_isThereAlone() throws Exception {
    write(folder.resolve("new"), "text");

    assertEquals("text", Files.readString(folder.resolve("new")));
    assertEquals(List.of("new"), names());
  }

  @Test
  void write_fails_leavesWhatWasThere() throws Exception {
    Path file = Files.writeString(folder.resolve("old"), "before");

    IOException failure =
        assertThrows(
            IOException.class,
            () ->
                OutputFile.write(
                    file,
                    out -> {
                      out.write("half".getBytes(UTF_8));
                      throw new IOException("the rest is missing");
                    }));

    assertEquals("the rest is missing", failure.getMessage());
    assertEquals("before", Files.readString(file));
    assertEquals(List.of("old"), names());
  }

  @Test
  void write_goesOn_isNotSeenBeforeItsEnd() throws Exception {
    Path file = Files.writeString(folder.resolve("old"), "before");

    OutputFile.write(
        file,
        out -> {
          out.write("after".getBytes(UTF_8));
          out.flush();
          assertEquals("before", Files.readString(file));
        });

    assertEquals("after", Files.readString(file));
  }

  @Test
  void write_existingFile_keepsItsPermissions() throws Exception {
    Path file = Files.writeString(folder.resolve("old"), "before");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

    write(file, "after");

    assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
  }

  @Test
  void write_link_writesWhatItLeadsTo() throws Exception {
    Path file = Files.writeString(folder.resolve("old"), "before");
    Path link = Files.createSymbolicLink(folder.resolve("link"), file);

    write(link, "after");

    assertTrue(Files.isSymbolicLink(link));
    assertEquals("after", Files.readString(file));
  }

  @Test
  void write_linkToNothingYet_writesWhatItLeadsTo() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("new"));

    write(link, "text");

    assertTrue(Files.isSymbolicLink(link));
    assertEquals("text", Files.readString(folder.resolve("new")));
  }

  @Test
  void write_goesOn_isReadableByNoMoreThanBefore() throws Exception {
    Path file = Files.writeString(folder.resolve("old"), "before");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));

    OutputFile.write(
        file,
        out -> {
          try (Stream<Path> files = Files.list(folder)) {
            for (Path each : files.toList()) {
              assertEquals(
                  "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(each)));
            }
          }
        });
  }

  @Test
  void write_device_isWrittenTo() throws Exception {
    write(Path.of("/dev/null"), "text");

    assertTrue(Files.exists(Path.of("/dev/null")));
  }

  @Test
  void write_noSuchFolder_namesTheFile() {
    Path file = folder.resolve("none/file");

    NoSuchFileException failure =
        assertThrows(NoSuchFileException.class, () -> write(file, "text"));

    assertEquals(file.toString(), failure.getFile());
  }
}
