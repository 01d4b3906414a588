package geosearch.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The image as Jib builds it into a file, upon a base that has nothing in it: neither a network nor
 * a container engine is needed.
 */
class ImageIT {

  @TempDir static Path folder;
  private static ImageTar image;

  @BeforeAll
  static void build() throws Exception {
    image = build("image.tar");
  }

  private static ImageTar build(String name) throws IOException, InterruptedException {
    Path base = ImageTar.writeEmptyBase(folder.resolve("base.tar"));
    Path tar = folder.resolve(name);
    Process maven =
        new ProcessBuilder(
                Path.of("mvnw").toAbsolutePath().toString(),
                "-B",
                "-ntp",
                "-Dstyle.color=never",
                "jib:buildTar",
                "-Djib.from.image=tar://" + base,
                "-Djib.outputPaths.tar=" + tar)
            .redirectErrorStream(true)
            .start();
    maven.getOutputStream().close();
    String said = new String(maven.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, maven.waitFor(), said);
    return ImageTar.read(tar);
  }

  @Test
  void config_image_isNotRootsAndNeedsNoShell() {
    JsonNode config = image.config().path("config");

    assertEquals("10001:10001", config.path("User").asText());
    assertEquals("java", config.at("/Entrypoint/0").asText());
    assertEquals("[\"serve\"]", config.path("Cmd").toString());
    assertEquals("{\"50051/tcp\":{}}", config.path("ExposedPorts").toString());
    assertTrue(
        texts(config.path("Env")).contains("GEOSEARCH_SERVER_ADDRESS=0.0.0.0"),
        config.path("Env")::toString);
    assertTrue(
        texts(config.path("Entrypoint")).stream().noneMatch(flag -> flag.startsWith("-Xmx")),
        "the container's limit decides");
  }

  @Test
  void config_image_hasLabels() {
    JsonNode labels = image.config().at("/config/Labels");

    for (String label : List.of("title", "description", "version", "licenses")) {
      assertTrue(!labels.path("org.opencontainers.image." + label).asText().isEmpty(), label);
    }
  }

  @Test
  void files_image_areTheServerAndWhatItNeeds() throws IOException {
    Set<String> libraries;
    try (Stream<Path> files = Files.list(Path.of("target", "lib"))) {
      libraries = files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
    }
    Set<String> expected = new TreeSet<>();
    libraries.forEach(library -> expected.add("app/libs/" + library));
    expected.addAll(
        Set.of(
            "app/classpath/geosearch.jar",
            "app/jvm.flags",
            "app/jib-classpath-file",
            "app/jib-main-class-file",
            "data/.keep"));

    assertEquals(expected, new TreeSet<>(image.files().keySet()));
  }

  @Test
  void files_withoutTheCacheAndTheSample_areBelow60Megabytes() {
    long size = image.files().values().stream().mapToLong(Long::longValue).sum();

    assertTrue(size < 60_000_000, () -> "are " + size + " bytes");
  }

  @Test
  void layers_builtAgain_areTheSame() throws Exception {
    assertEquals(
        image.config().at("/rootfs/diff_ids"), build("again.tar").config().at("/rootfs/diff_ids"));
  }

  private static List<String> texts(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asText).toList();
  }
}
