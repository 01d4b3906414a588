package geosearch;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import geosearch.testing.ClientArtifact;
import geosearch.testing.RequiresContainers;
import geosearch.testing.ServerProcess;
import geosearch.testing.Servers;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.GenericContainer;

/**
 * A program that uses the client's artifact as the README says, against a real server that a real
 * Consul knows, under the oldest Java that is promised where that is installed.
 */
@RequiresContainers
@Timeout(240)
class JavaClientIT {

  private static final int OLDEST_JAVA = 17;
  private static final Path EXAMPLE = Path.of("client", "example", "LocateExample.java");
  private static final Pattern IN_THE_README =
      Pattern.compile("## From Java\n.*?```java\n(.*?)```", Pattern.DOTALL);

  @TempDir private Path folder;

  @Test
  void example_ofTheReadme_isTheFile() throws IOException {
    Matcher readme = IN_THE_README.matcher(Files.readString(Path.of("README.md")));

    assertTrue(readme.find(), "the README has no example in Java");
    assertEquals(Files.readString(EXAMPLE), readme.group(1));
  }

  @Test
  void example_serverInConsul_isFoundAndAsked() throws Exception {
    compileExample();
    try (GenericContainer<?> consul = Servers.newConsul()) {
      consul.start();
      String agent = consul.getHost() + ":" + consul.getMappedPort(8500);
      Map<String, String> settings = ServerProcess.in(folder.resolve("store"));
      settings.put("server.address", "0.0.0.0");
      settings.put("consul.host", consul.getHost());
      settings.put("consul.port", String.valueOf(consul.getMappedPort(8500)));
      settings.put("consul.advertise-address", Servers.addressForContainers());
      try (ServerProcess server = ServerProcess.start(settings).awaitReady()) {
        await()
            .atMost(Duration.ofSeconds(30))
            .until(() -> Servers.instances(consul, "search-service").size() == 1);

        assertEquals(
            "country: France\n", runExample("consul://" + agent + "/search-service", server));
        assertEquals("country: France\n", runExample("dns:///127.0.0.1:" + server.port(), server));
      }
    }
  }

  /** As a user's build does: for the older Java, and with every warning an error. */
  private void compileExample() {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                said,
                said,
                "--release",
                String.valueOf(OLDEST_JAVA),
                "-Xlint:all",
                "-Werror",
                "-cp",
                ClientArtifact.classPath(),
                "-d",
                folder.toString(),
                EXAMPLE.toString());
    assertEquals(0, status, said::toString);
  }

  private String runExample(String target, ServerProcess server) throws Exception {
    Path java = ClientArtifact.java(OLDEST_JAVA).orElse(Path.of(System.getProperty("java.home")));
    System.out.println("the example runs under " + java);
    Path output = folder.resolve("output");
    Path errors = folder.resolve("errors");
    Process process =
        new ProcessBuilder(
                java.resolve(Path.of("bin", "java")).toString(),
                "-cp",
                folder + File.pathSeparator + ClientArtifact.classPath(),
                "LocateExample",
                target,
                "45.75",
                "4.85")
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile())
            .start();
    try {
      assertTrue(process.waitFor(60, TimeUnit.SECONDS), target);
    } finally {
      process.destroyForcibly();
    }
    String failed = Files.readString(errors) + "\n" + server.output();
    assertEquals(0, process.exitValue(), failed);
    return Files.readString(output);
  }
}
