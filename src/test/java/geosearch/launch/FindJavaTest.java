package geosearch.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import geosearch.launch.Machine.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FindJavaTest {

  @TempDir Path folder;
  private Machine machine;

  @BeforeEach
  void newMachine() throws Exception {
    machine = new Machine(folder);
  }

  private Ended find(String kind) throws Exception {
    return machine.run(
        Path.of("").toAbsolutePath(),
        "sh",
        "-euc",
        ". .mvn/find-jdk.sh; find_java " + kind + " || exit 7; echo \"$java_home\"");
  }

  private void assertFinds(Path home, String kind) throws Exception {
    Ended ended = find(kind);
    assertEquals(home + "\n", ended.output());
    assertEquals(0, ended.status());
  }

  @Test
  void findJava_namedOneFits_takesItBeforeOthers() throws Exception {
    Path named = machine.java("named", "25.0.1", true);
    machine.environment.put("JAVA_HOME", machine.java("other", "25.0.3", true).toString());
    machine.environment.put("GEOSEARCH_JAVA_HOME", named.toString());

    assertFinds(named, "jdk");
  }

  @Test
  void findJava_namedOneIsTooOld_saysSo() throws Exception {
    machine.environment.put(
        "GEOSEARCH_JAVA_HOME", machine.java("named", "21.0.7", true).toString());
    machine.environment.put("JAVA_HOME", machine.java("other", "25.0.3", true).toString());

    Ended ended = find("jdk");
    assertEquals(7, ended.status());
    assertTrue(
        ended.output().endsWith("is not a JDK 25 or later (it is a Java 21).\n"), ended::output);
  }

  @Test
  void findJava_javaHomeIsTooOld_followsTheLinksOfThePath() throws Exception {
    machine.environment.put("JAVA_HOME", machine.java("old", "1.8.0_292", true).toString());
    Path onPath = machine.java("on path", "25", true);
    Path alternative =
        Files.createSymbolicLink(machine.root.resolve("java"), onPath.resolve("bin/java"));
    Files.createSymbolicLink(machine.bin.resolve("java"), alternative);

    assertFinds(onPath.toRealPath(), "jdk");
  }

  @Test
  void findJava_linkIsRelative_followsIt() throws Exception {
    Path onPath = machine.java("on path", "25.0.2", true);
    Files.createSymbolicLink(machine.bin.resolve("java"), Path.of("../on path/bin/java"));

    assertFinds(onPath.toRealPath(), "jdk");
  }

  @Test
  void findJava_newerRelease_fits() throws Exception {
    Path newer = machine.java("newer", "26-ea", true);
    machine.environment.put("JAVA_HOME", newer.toString());

    assertFinds(newer, "jdk");
  }

  @Test
  void findJava_withoutCompiler_fitsToRunOnly() throws Exception {
    Path runtime = machine.java("runtime", "25.0.3", false);
    machine.environment.put("JAVA_HOME", runtime.toString());
    assertFinds(runtime, "jre");

    Path jdk = machine.java("jdk", "25.0.1", true);
    Files.createSymbolicLink(machine.bin.resolve("java"), jdk.resolve("bin/java"));
    assertFinds(jdk.toRealPath(), "jdk");
  }

  @Test
  void findJava_noReleaseFile_asksTheJava() throws Exception {
    Path home = machine.java("bare", "", true);
    Files.delete(home.resolve("release"));
    Machine.script(home.resolve("bin/java"), "echo 'openjdk version \"25.0.3\" 2026-04-21' >&2");
    machine.environment.put("JAVA_HOME", home.toString());

    assertFinds(home, "jdk");
  }
}
