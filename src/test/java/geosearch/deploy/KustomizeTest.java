package geosearch.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The manifests for those without Helm, and skaffold.yaml. */
class KustomizeTest {

  private static final Path K8S = Path.of("k8s");

  @Test
  void base_andNetworkPolicies_areWhatTheChartRenders(@TempDir Path folder) throws Exception {
    Chart chart = new Chart(folder);
    String values = "k8s/values.yaml";

    Map<String, JsonNode> rendered = byName(chart.render(Path.of(values)));
    Map<String, JsonNode> kept = byName(Chart.documents(K8S.resolve("base/geosearch.yaml")));
    kept.putAll(
        byName(Chart.documents(K8S.resolve("components/network-policies/network-policy.yaml"))));
    // Tests are Helm's.
    rendered.keySet().removeIf(name -> name.startsWith("Pod "));

    assertEquals(rendered, kept, "k8s/generate makes them anew");
  }

  @Test
  void base_builtByKustomize_isWhatTheChartRenders() throws Exception {
    assertEquals(
        byName(Chart.documents(K8S.resolve("base/geosearch.yaml"))), byName(kustomize("base")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"overlays/dev", "overlays/prod"})
  void overlay_builtByKustomize_isStrictlyRight(String overlay) throws Exception {
    List<JsonNode> manifests = kustomize(overlay);

    assertTrue(manifests.size() > 8);
    assertEquals(
        List.of(), manifests.stream().flatMap(one -> StrictManifest.faults(one).stream()).toList());
    for (JsonNode manifest : manifests) {
      assertEquals("geosearch", manifest.at("/metadata/namespace").asText(), manifest::toString);
    }
  }

  @Test
  void skaffold_file_fitsItsSchema() {
    JsonNode file = Chart.documents(Path.of("skaffold.yaml")).getFirst();

    assertEquals("skaffold/v4beta13", file.path("apiVersion").asText());
    assertEquals(
        List.of(), List.copyOf(StrictManifest.schemaFaults("skaffold-v4beta13.json", file)));
  }

  private static Map<String, JsonNode> byName(List<JsonNode> manifests) {
    Map<String, JsonNode> byName = new TreeMap<>();
    manifests.forEach(manifest ->
        byName.put(
            manifest.path("kind").asText() + " " + manifest.at("/metadata/name").asText(),
            manifest));
    return byName;
  }

  /** Without kubectl the test is skipped; in CI it has to be there. */
  private static List<JsonNode> kustomize(String folder) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder("kubectl", "kustomize", K8S.resolve(folder).toString()).start();
      String manifests = new String(process.getInputStream().readAllBytes(), UTF_8);
      String said = new String(process.getErrorStream().readAllBytes(), UTF_8);
      assertEquals(0, process.waitFor(), said);
      return Chart.documents(manifests);
    } catch (IOException e) {
      assumeTrue("true".equals(System.getenv("CI")), "kubectl is not there");
      throw new AssertionError("in CI kubectl has to be there", e);
    }
  }
}
