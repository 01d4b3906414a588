package geosearch.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import geosearch.config.ConfigLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The chart, rendered by Helm itself without a cluster. */
class ChartTest {

  @TempDir static Path folder;
  private static Chart chart;

  @BeforeAll
  static void copy() {
    chart = new Chart(folder);
  }

  static Stream<Path> valuesFiles() {
    return Chart.valuesFiles().stream();
  }

  @Test
  void lint_chart_isClean() {
    assertFalse(chart.helm().lint().strict().call().isFailed());
  }

  @ParameterizedTest
  @MethodSource("valuesFiles")
  void render_valuesFile_manifestsAreStrictlyRight(Path values) {
    List<JsonNode> manifests = chart.render(values);

    assertFalse(manifests.isEmpty());
    assertEquals(
        List.of(), manifests.stream().flatMap(one -> StrictManifest.faults(one).stream()).toList());
  }

  @ParameterizedTest
  @MethodSource("valuesFiles")
  void render_valuesFile_settingsAreUnderstoodByTheServer(Path values) throws Exception {
    JsonNode map =
        chart.render(values).stream()
            .filter(one -> one.at("/data/geosearch.yaml").isTextual())
            .findFirst()
            .orElseThrow();
    Path file =
        Files.writeString(folder.resolve("settings.yaml"), map.at("/data/geosearch.yaml").asText());

    // Throws at anything that is no setting or out of its bounds.
    new ConfigLoader(Map.of("HOME", "/nowhere")).load(Optional.of(file), List.of());
  }

  @ParameterizedTest
  @MethodSource("valuesFiles")
  void render_valuesFile_podsAreRestrictedButForGraphite(Path values) {
    for (JsonNode manifest : chart.render(values)) {
      for (JsonNode pod : pods(manifest)) {
        if (!manifest.at("/metadata/name").asText().endsWith("-graphite")) {
          assertRestricted(manifest.at("/metadata/name").asText(), pod);
        }
      }
    }
  }

  /** What the pod security standard `restricted` asks for, and what this project asks beside it. */
  private static void assertRestricted(String name, JsonNode pod) {
    assertTrue(pod.at("/securityContext/runAsNonRoot").asBoolean(), name);
    assertTrue(pod.at("/securityContext/runAsUser").asInt() > 0, name);
    assertEquals("RuntimeDefault", pod.at("/securityContext/seccompProfile/type").asText(), name);
    assertFalse(pod.path("automountServiceAccountToken").asBoolean(true), name);
    assertFalse(pod.path("enableServiceLinks").asBoolean(true), name);
    for (String forbidden : List.of("hostNetwork", "hostPID", "hostIPC")) {
      assertTrue(pod.path(forbidden).isMissingNode(), name);
    }
    for (JsonNode volume : pod.path("volumes")) {
      assertTrue(volume.path("hostPath").isMissingNode(), name);
    }
    for (JsonNode container : pod.path("containers")) {
      JsonNode security = container.path("securityContext");
      assertFalse(security.path("allowPrivilegeEscalation").asBoolean(true), name);
      assertTrue(security.path("readOnlyRootFilesystem").asBoolean(), name);
      assertEquals("[\"ALL\"]", security.at("/capabilities/drop").toString(), name);
      assertTrue(container.at("/resources/limits/memory").isTextual(), name);
    }
  }

  private static List<JsonNode> pods(JsonNode manifest) {
    List<JsonNode> pods = new ArrayList<>();
    if (manifest.path("kind").asText().equals("Pod")) {
      pods.add(manifest.path("spec"));
    }
    for (String path : List.of("/spec/template/spec", "/spec/jobTemplate/spec/template/spec")) {
      if (manifest.at(path).isObject()) {
        pods.add(manifest.at(path));
      }
    }
    return pods;
  }

  @ParameterizedTest
  @CsvSource({
    "image.tga, x",
    "image.tag, a b",
    "image.digest, sha256:12",
    "image.pullPolicy, Sometimes",
    "replicas, two",
    "replicas, -1",
    "unknown, 1",
    "postgis.databse, x",
    "consul.servers, 3",
    "graphite.image, ''",
    "discovery.agent, sidecar",
    "discovery.port, 0",
    "zones.write, all",
    "service.type, ExternalName",
    "service.port, 65536",
    "database.sslMode, maybe",
    "autoscaling.minReplicas, 0",
    "imports[0].name, x",
    "podDisruptionBudget.maxUnavailable, some",
    "terminationGracePeriodSeconds, 0",
  })
  void render_valueThatIsNone_isRefusedByTheSchema(String key, String value) {
    RuntimeException refused = assertThrows(RuntimeException.class, () -> chart.render(key, value));
    assertTrue(
        refused.getMessage().contains("values don't meet the specifications"), refused::getMessage);
  }

  @ParameterizedTest
  @CsvSource({
    "terminationGracePeriodSeconds, 64, terminationGracePeriodSeconds is 64",
    "postgis.enabled, false, name a PostGIS",
    "consul.enabled, false, name a Consul",
    "route.enabled, true, route.parentRefs",
    "settings.stop.grace, 90s, set stop.*",
  })
  void render_valuesThatCantWorkTogether_areRefusedWithTheReason(
      String key, String value, String reason) {
    RuntimeException refused = assertThrows(RuntimeException.class, () -> chart.render(key, value));
    assertTrue(refused.getMessage().contains(reason), refused::getMessage);
  }

  @Test
  void render_autoscalerWithMoreAtLeastThanAtMost_isRefused() {
    RuntimeException refused =
        assertThrows(
            RuntimeException.class,
            () -> chart.render("autoscaling.enabled", "true", "autoscaling.maxReplicas", "1"));
    assertTrue(
        refused.getMessage().contains("autoscaling.minReplicas is above"), refused::getMessage);
  }

  @Test
  void image_digest_winsAndIsInNoLabel() {
    String digest = "sha256:" + "a".repeat(64);

    JsonNode deployment =
        Chart.object(
            chart.render("image.tag", "1.0", "image.digest", digest), "Deployment", "geosearch");

    assertEquals(
        "geosearch:1.0@" + digest,
        deployment.at("/spec/template/spec/containers/0/image").asText());
    assertFalse(deployment.at("/metadata/labels").toString().contains("sha256"));
  }

  @Test
  void probes_server_askForHealthByName() {
    JsonNode container =
        Chart.object(chart.render(), "Deployment", "geosearch")
            .at("/spec/template/spec/containers/0");

    assertEquals("liveness", container.at("/startupProbe/grpc/service").asText());
    assertEquals("liveness", container.at("/livenessProbe/grpc/service").asText());
    assertEquals("readiness", container.at("/readinessProbe/grpc/service").asText());
  }

  @Test
  void disruptionBudget_oneReplicaAtLeast_isThereOnlyForMore() {
    assertEquals(0, count(chart.render("replicas", "1"), "PodDisruptionBudget"));
    assertEquals(1, count(chart.render("replicas", "2"), "PodDisruptionBudget"));
    assertEquals(
        0,
        count(
            chart.render("autoscaling.enabled", "true", "autoscaling.minReplicas", "1"),
            "PodDisruptionBudget"));
  }

  @Test
  void autoscaling_on_leavesTheReplicasToIt() {
    List<JsonNode> manifests = chart.render("autoscaling.enabled", "true");

    assertTrue(
        Chart.object(manifests, "Deployment", "geosearch").at("/spec/replicas").isMissingNode());
    assertEquals(1, count(manifests, "HorizontalPodAutoscaler"));
  }

  @Test
  void spread_default_letsADrainedNodesPodsFindRoom() {
    JsonNode spread =
        Chart.object(chart.render(), "Deployment", "geosearch")
            .at("/spec/template/spec/topologySpreadConstraints/0");

    assertEquals("ScheduleAnyway", spread.path("whenUnsatisfiable").asText());
  }

  @Test
  void zones_default_nobodyMayWrite() {
    String settings =
        Chart.object(chart.render(), "ConfigMap", "geosearch").at("/data/geosearch.yaml").asText();

    assertTrue(settings.contains("write: nobody"), settings);
  }

  @Test
  void registration_pod_isOfItsOwnAddressAndName() {
    List<String> env =
        StreamSupport.stream(
                Chart.object(chart.render(), "Deployment", "geosearch")
                    .at("/spec/template/spec/containers/0/env")
                    .spliterator(),
                false)
            .map(one ->
                one.path("name").asText()
                    + "="
                    + one.path("value").asText()
                    + one.at("/valueFrom/fieldRef/fieldPath").asText())
            .toList();

    assertTrue(env.contains("GEOSEARCH_CONSUL_ADVERTISE_ADDRESS=status.podIP"), env::toString);
    assertTrue(
        env.contains("GEOSEARCH_CONSUL_SERVICE_ID=search-service-$(POD_NAMESPACE)-$(POD_NAME)"),
        env::toString);
  }

  @Test
  void import_changed_isAnotherJob() {
    String[] first = {
      "imports[0].name", "x", "imports[0].layer", "commune", "imports[0].url", "http://a/b"
    };
    String[] second = first.clone();
    second[5] = "http://a/c";

    List<String> jobs = jobs(chart.render(first));

    assertEquals(jobs, jobs(chart.render(first)));
    assertFalse(jobs.equals(jobs(chart.render(second))));
  }

  @Test
  void password_ofTheOwnPostgis_andItsVolumeOutliveTheReleaseUnlessToldOtherwise() {
    List<JsonNode> kept = chart.render();
    List<JsonNode> not = chart.render("postgis.persistence.keep", "false");

    String policy = "/metadata/annotations/helm.sh~1resource-policy";
    String retention = "/spec/persistentVolumeClaimRetentionPolicy/whenDeleted";
    assertEquals("keep", Chart.object(kept, "Secret", "geosearch-postgis").at(policy).asText());
    assertEquals(
        "Retain", Chart.object(kept, "StatefulSet", "geosearch-postgis").at(retention).asText());
    assertEquals("", Chart.object(not, "Secret", "geosearch-postgis").at(policy).asText());
    assertEquals(
        "Delete", Chart.object(not, "StatefulSet", "geosearch-postgis").at(retention).asText());
  }

  private static List<String> jobs(List<JsonNode> manifests) {
    return manifests.stream()
        .filter(one -> one.path("kind").asText().equals("Job"))
        .map(one -> one.at("/metadata/name").asText())
        .toList();
  }

  private static long count(List<JsonNode> manifests, String kind) {
    return manifests.stream().filter(one -> one.path("kind").asText().equals(kind)).count();
  }
}
