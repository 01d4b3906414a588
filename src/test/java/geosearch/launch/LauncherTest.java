package geosearch.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import geosearch.launch.Machine.Ended;
import geosearch.launch.Machine.Running;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LauncherTest {

  @TempDir Path folder;
  private Machine machine;
  private Path project;
  private Path builds;

  @BeforeEach
  void newMachine() throws Exception {
    machine = new Machine(folder);
    machine.environment.put("GEOSEARCH_JAVA_HOME", machine.java("jdk", "25.0.3", true).toString());
    project = machine.project();
    builds = project.resolve("builds");
    buildWith(
        "echo built >>\"$(dirname \"$0\")/builds\"; touch \"$(dirname \"$0\")/target/geosearch.built\"");
  }

  /** What stands in for Maven. */
  private void buildWith(String script) throws Exception {
    Machine.script(project.resolve("mvnw"), script);
  }

  private long builds() throws Exception {
    return Files.exists(builds) ? Files.readAllLines(builds).size() : 0;
  }

  private Ended geosearch(String... arguments) throws Exception {
    return machine.run(machine.root, command(arguments));
  }

  private String[] command(String... arguments) {
    String[] command = new String[arguments.length + 1];
    command[0] = project.resolve("geosearch").toString();
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    return command;
  }

  @Test
  void geosearch_neverBuilt_buildsOnceAndHandsTheArgumentsOver() throws Exception {
    Ended first = geosearch("zones", "add", "two words", "");
    assertEquals(0, first.status(), first::output);
    assertTrue(first.output().startsWith("Building geosearch;"), first::output);
    assertTrue(
        first
            .output()
            .endsWith(
                "[-jar]\n["
                    + project
                    + "/target/geosearch.jar]\n[zones]\n[add]\n[two words]\n[]\n"),
        first::output);

    Ended second = geosearch("monitor");
    assertFalse(second.output().contains("uilding"), second::output);
    assertEquals(1, builds());
  }

  @Test
  void geosearch_sourceIsNewer_buildsAgain() throws Exception {
    geosearch("monitor");
    Path source = Files.writeString(project.resolve("src/main/java/New.java"), "class New {}");
    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(5)));

    Ended ended = geosearch("monitor");
    assertTrue(ended.output().startsWith("The sources have changed"), ended::output);
    assertEquals(2, builds());
  }

  @Test
  void geosearch_buildFails_showsWhatItSaid() throws Exception {
    buildWith("echo 'no such class'; exit 1");

    Ended ended = geosearch("monitor");
    assertEquals(1, ended.status());
    assertTrue(
        ended.output().contains("no such class\ngeosearch: the build failed"), ended::output);
    assertFalse(ended.output().contains("-jar"), ended::output);
  }

  @Test
  void geosearch_startedTwiceAtOnce_buildsOnce() throws Exception {
    Path fifo = project.resolve("go on");
    assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());
    buildWith(
        "cd \"$(dirname \"$0\")\" && echo built >>builds && cat 'go on' && touch target/geosearch.built");

    Running one = machine.start(machine.root, command("one"));
    Running two = machine.start(machine.root, command("two"));
    Files.writeString(fifo, "");

    assertTrue(one.await().output().endsWith("[one]\n"));
    assertTrue(two.await().output().endsWith("[two]\n"));
    assertEquals(1, builds());
  }

  @Test
  void geosearch_builderWasKilled_takesItsLockOver() throws Exception {
    Process dead = new ProcessBuilder("true").start();
    assertEquals(0, dead.waitFor());
    Path target = Files.createDirectories(project.resolve("target"));
    Files.writeString(target.resolve("build.lock"), dead.pid() + "\n");

    Ended ended = geosearch("monitor");
    assertTrue(ended.output().endsWith("[monitor]\n"), ended::output);
    assertFalse(Files.exists(target.resolve("build.lock")));
  }

  @Test
  void geosearch_throughLinks_findsItsProject() throws Exception {
    Path link = machine.bin.resolve("gs");
    Files.createSymbolicLink(link, Path.of("../the project/geosearch"));
    Path linkOfLink = Files.createSymbolicLink(machine.root.resolve("link"), link);

    Ended ended = machine.run(Path.of("/"), linkOfLink.toString(), "monitor");
    assertTrue(ended.output().endsWith("[monitor]\n"), ended::output);
  }

  @Test
  void geosearch_optionsForJava_areGivenToIt() throws Exception {
    machine.environment.put("GEOSEARCH_JAVA_OPTS", "-Xmx64m -Dx=y");

    Ended ended = geosearch("import", "-");
    assertTrue(ended.output().contains("[-Xmx64m]\n[-Dx=y]\n[-jar]\n"), ended::output);
  }
}
