package geosearch.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import geosearch.launch.Machine.Ended;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MvnwTest {

  private static final String ECHO = "echo \"$JAVA_HOME\"; for a; do echo \"[$a]\"; done";

  @TempDir Path folder;
  private Machine machine;
  private Path project;
  private Path jdk;
  private HttpServer server;
  private byte[] served = {};
  private final List<String> requests = new CopyOnWriteArrayList<>();

  @BeforeEach
  void newMachine() throws Exception {
    machine = new Machine(folder);
    project = machine.project();
    jdk = machine.java("jdk", "25.0.3", true);
    machine.environment.put("GEOSEARCH_JAVA_HOME", jdk.toString());
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::serve);
    server.start();
    machine.environment.put(
        "MVNW_REPOURL", "http://127.0.0.1:" + server.getAddress().getPort() + "/maven2");
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void serve(HttpExchange exchange) throws IOException {
    String range = exchange.getRequestHeaders().getFirst("Range");
    requests.add(exchange.getRequestURI().getPath() + (range == null ? "" : " " + range));
    int from = range == null ? 0 : Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
    byte[] rest = Arrays.copyOfRange(served, from, served.length);
    if (range != null) {
      exchange
          .getResponseHeaders()
          .add("Content-Range", "bytes %d-%d/%d".formatted(from, served.length - 1, served.length));
    }
    exchange.sendResponseHeaders(range == null ? 200 : 206, rest.length);
    exchange.getResponseBody().write(rest);
    exchange.close();
  }

  private Ended mvnw(String... arguments) throws Exception {
    String[] command = new String[arguments.length + 1];
    command[0] = "./mvnw";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    return machine.run(project, command);
  }

  private void install(String version) throws Exception {
    Path home = machine.root.resolve("maven");
    Machine.script(home.resolve("bin/mvn"), ECHO);
    Files.createDirectories(home.resolve("lib"));
    Files.writeString(home.resolve("lib/maven-core-" + version + ".jar"), "");
    Files.createSymbolicLink(machine.bin.resolve("mvn"), home.resolve("bin/mvn"));
  }

  /** Serves a small Maven of the version that mvnw pins, whose sum it is made to expect. */
  private Path serveMaven() throws Exception {
    Path script = project.resolve("mvnw");
    String text = Files.readString(script);
    Matcher version = Pattern.compile("(?m)^maven_version=(.*)$").matcher(text);
    assertTrue(version.find());
    String name = "apache-maven-" + version.group(1);
    Machine.script(machine.root.resolve(name + "/bin/mvn"), ECHO);
    Files.createDirectories(machine.root.resolve(name + "/lib"));
    Files.writeString(
        machine.root.resolve(name + "/lib/maven-core-" + version.group(1) + ".jar"), "");
    Path archive = machine.root.resolve("archive.tar.gz");
    Ended packed = machine.run(machine.root, "tar", "-czf", archive.toString(), name);
    assertEquals(0, packed.status(), packed::output);
    served = Files.readAllBytes(archive);
    String sum = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-512").digest(served));
    Files.writeString(script, text.replaceFirst("(?m)^maven_sha512=.*$", "maven_sha512=" + sum));
    return machine.root.resolve("home/.m2/wrapper/dists").resolve(name);
  }

  @Test
  void mvnw_mavenIsInstalled_runsItWithTheJdk() throws Exception {
    install("3.8.7");

    Ended ended = mvnw("-B", "verify", "-Dx=two words");
    assertEquals(jdk + "\n[-B]\n[verify]\n[-Dx=two words]\n", ended.output());
    assertEquals(List.of(), requests);
  }

  @Test
  void mvnw_startedElsewhere_meansItsProject() throws Exception {
    install("3.9.16");

    Ended ended = machine.run(machine.root, "./the project/mvnw", "verify");
    assertEquals(
        jdk + "\n[-f]\n[" + project.toRealPath() + "/pom.xml]\n[verify]\n", ended.output());
  }

  @Test
  void mvnw_installedOneDoesNotFit_downloadsOneOnce() throws Exception {
    install("3.8.6");
    Path installed = serveMaven();

    Ended first = mvnw("verify");
    assertTrue(first.output().startsWith("No Maven 3.8.7 or later"), first::output);
    assertTrue(first.output().endsWith(jdk + "\n[verify]\n"), first::output);
    assertTrue(Files.isDirectory(installed));

    assertEquals(jdk + "\n[verify]\n", mvnw("verify").output());
    assertEquals(1, requests.size(), requests::toString);
  }

  @Test
  void mvnw_downloadWasBroken_goesOnWhereItEnded() throws Exception {
    Path installed = serveMaven();
    Path part = installed.resolveSibling(installed.getFileName() + "-bin.tar.gz.part");
    Files.createDirectories(part.getParent());
    Files.write(part, Arrays.copyOf(served, 100));

    Ended ended = mvnw("verify");
    assertTrue(ended.output().endsWith(jdk + "\n[verify]\n"), ended::output);
    assertTrue(requests.getFirst().endsWith(" bytes=100-"), requests::toString);
    assertFalse(Files.exists(part));
  }

  @Test
  void mvnw_anotherFileArrives_refusesAndDeletesIt() throws Exception {
    served = new byte[1000];

    Ended ended = mvnw("verify");
    assertEquals(1, ended.status());
    assertTrue(ended.output().contains("its SHA-512 is another"), ended::output);
    try (var left = Files.list(machine.root.resolve("home/.m2/wrapper/dists"))) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  void mvnw_offline_saysWhatToDo() throws Exception {
    server.stop(0);

    Ended ended = mvnw("verify");
    assertEquals(1, ended.status());
    assertTrue(ended.output().contains("could not download http://127.0.0.1"), ended::output);
    assertTrue(ended.output().contains("install Maven 3.8.7 or later"), ended::output);
  }
}
