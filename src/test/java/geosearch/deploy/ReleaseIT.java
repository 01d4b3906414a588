package geosearch.deploy;

import static java.net.http.HttpResponse.BodyHandlers.ofByteArray;
import static java.net.http.HttpResponse.BodyHandlers.ofFile;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A release, rehearsed; its image too, where the variable REGISTRY names one without encryption to
 * push to. It is skipped where helm is not there.
 */
class ReleaseIT {

  private static final String IMAGE = "geosearch-rehearsal";
  private static final Path RELEASE = Path.of("target", "release");

  @BeforeAll
  static void release() throws Exception {
    assumeTrue(isThere("helm"), "helm is not there");
    String registry = System.getenv("REGISTRY");
    run(
        Map.of("IMAGE_PACKAGED", "1", "RELEASE_IMAGE", registry == null ? "no" : "yes"),
        ".ci/release",
        (registry == null ? "localhost" : registry) + "/" + IMAGE);
  }

  @Test
  void files_release_areThereWithTheirChecksums() throws Exception {
    Set<String> kinds;
    try (Stream<Path> files = Files.list(RELEASE)) {
      kinds =
          files
              .map(file ->
                  file.getFileName().toString().replaceAll("-\\d+(\\.\\d+)*(-SNAPSHOT)?", ""))
              .collect(Collectors.toCollection(TreeSet::new));
    }
    assertTrue(
        kinds.containsAll(
            Set.of(
                "SHA256SUMS",
                "geosearch.tar.gz",
                "geosearch.tgz",
                "postgis.tgz",
                "consul.tgz",
                "geosearch-client.jar",
                "geosearch-client-sources.jar",
                "geosearch-client.pom")),
        kinds::toString);
    run(Map.of(), "sh", "-c", "cd target/release && sha256sum --check SHA256SUMS");
  }

  @Test
  void archive_unpacked_runs(@TempDir Path folder) throws Exception {
    run(Map.of(), "sh", "-c", "tar -xzf target/release/geosearch-*.tar.gz -C " + folder);

    String said = run(Map.of(), "sh", "-c", folder + "/*/geosearch --version");

    assertTrue(said.startsWith("geosearch "), said);
  }

  @Test
  void archive_server_runsWithTheImagesSettings(@TempDir Path folder) throws Exception {
    run(Map.of(), "sh", "-c", "tar -xzf target/release/geosearch-*.tar.gz -C " + folder);

    String said =
        run(
            Map.of("GEOSEARCH_JAVA_OPTS", "-XX:+PrintFlagsFinal"),
            "sh",
            "-c",
            folder + "/*/geosearch serve --help");

    assertTrue(
        Pattern.compile("bool ExplicitGCInvokesConcurrent += true ").matcher(said).find(), said);
  }

  @Test
  void image_registryNamed_hasTheCacheAndTheSampleInItsLastLayer(@TempDir Path folder)
      throws Exception {
    String registry = System.getenv("REGISTRY");
    assumeTrue(registry != null, "no REGISTRY");
    String image = "http://" + registry + "/v2/" + IMAGE;
    JsonNode tags = new ObjectMapper().readTree(get(image + "/tags/list", ofByteArray()));
    JsonNode manifest =
        new ObjectMapper()
            .readTree(get(image + "/manifests/" + tags.at("/tags/0").asText(), ofByteArray()));
    JsonNode layers = manifest.path("layers");
    String last = layers.path(layers.size() - 1).path("digest").asText();

    Path layer = get(image + "/blobs/" + last, ofFile(folder.resolve("layer.tar.gz")));

    List<String> files =
        run(Map.of(), "tar", "--warning=no-unknown-keyword", "-tzf", layer.toString())
            .lines()
            .filter(file -> !file.endsWith("/"))
            .toList();
    assertEquals(
        List.of("app/geosearch.aot", "app/sample/country.index", "app/sample/geosearch.mv.db"),
        files);
  }

  private static <T> T get(String address, BodyHandler<T> body)
      throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(address))
              .header("Accept", "application/vnd.docker.distribution.manifest.v2+json")
              .header("Accept", "application/vnd.oci.image.manifest.v1+json")
              .header("Accept", "*/*")
              .build();
      HttpResponse<T> answer = http.send(request, body);
      assertEquals(200, answer.statusCode(), address);
      return answer.body();
    }
  }

  private static boolean isThere(String program) throws InterruptedException {
    try {
      return new ProcessBuilder(program, "version").start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static String run(Map<String, String> environment, String... command)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, process.waitFor(), said);
    return said;
  }
}
