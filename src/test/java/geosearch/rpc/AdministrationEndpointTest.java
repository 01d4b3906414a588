package geosearch.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdministrationEndpointTest {

  private static final AdministrationEndpoint ENDPOINT =
      new AdministrationEndpoint(40123, "c2VjcmV0", ProcessHandle.current().pid());

  @TempDir private Path folder;

  @Test
  void read_nothingThere_isEmpty() throws IOException {
    assertEquals(Optional.empty(), AdministrationEndpoint.read(folder));
  }

  @Test
  void read_afterWrite_isTheSame() throws IOException {
    ENDPOINT.write(folder);

    assertEquals(Optional.of(ENDPOINT), AdministrationEndpoint.read(folder));
  }

  @Test
  void write_overAnother_replacesItAndLeavesNothingElse() throws IOException {
    new AdministrationEndpoint(1, "old", 1).write(folder);

    ENDPOINT.write(folder);

    assertEquals(Optional.of(ENDPOINT), AdministrationEndpoint.read(folder));
    try (var files = Files.list(folder)) {
      assertEquals(
          List.of(AdministrationEndpoint.FILE_NAME),
          files.map(file -> file.getFileName().toString()).toList());
    }
  }

  @Test
  void write_always_onlyItsOwnerMayReadIt() throws IOException {
    ENDPOINT.write(folder);

    Path file = folder.resolve(AdministrationEndpoint.FILE_NAME);
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
  }

  @Test
  void delete_own_isGone() throws IOException {
    ENDPOINT.write(folder);

    ENDPOINT.delete(folder);

    assertEquals(Optional.empty(), AdministrationEndpoint.read(folder));
  }

  @Test
  void delete_ofAnotherServer_stays() throws IOException {
    AdministrationEndpoint other = new AdministrationEndpoint(40124, "other", 2);
    other.write(folder);

    ENDPOINT.delete(folder);

    assertEquals(Optional.of(other), AdministrationEndpoint.read(folder));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "port=1\npid=1\n",
        "port=x\ntoken=t\npid=1\n",
        "port=0\ntoken=t\npid=1\n",
        "port=65536\ntoken=t\npid=1\n",
        "port=1\ntoken=t\n",
        "port=\\u00\ntoken=t\n"
      })
  void read_damaged_saysWhichFile(String content) throws IOException {
    Files.writeString(folder.resolve(AdministrationEndpoint.FILE_NAME), content);

    IOException e = assertThrows(IOException.class, () -> AdministrationEndpoint.read(folder));

    assertTrue(e.getMessage().contains(AdministrationEndpoint.FILE_NAME), e.getMessage());
  }

  @Test
  void isAlive_ownProcess_isTrue() {
    assertTrue(ENDPOINT.isAlive());
  }

  @Test
  void isAlive_endedProcess_isFalse() throws Exception {
    Process ended = new ProcessBuilder("true").start();
    ended.waitFor();

    assertFalse(new AdministrationEndpoint(1, "t", ended.pid()).isAlive());
  }

  @Test
  void toString_always_leavesTheTokenOut() {
    assertFalse(ENDPOINT.toString().contains(ENDPOINT.token()));
  }
}
