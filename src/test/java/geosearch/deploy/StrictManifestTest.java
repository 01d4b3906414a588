package geosearch.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StrictManifestTest {

  private static final String SERVICE =
      "apiVersion: v1\nkind: Service\nmetadata: {name: x}\nspec: {ports: [{port: 1}]}\n";

  @ParameterizedTest
  @ValueSource(
      strings = {
        SERVICE + "sepc: {}\n",
        "apiVersion: v1\nkind: Service\nmetadata: {name: x}\nspec: {ports: [{prot: 1}]}\n",
        "apiVersion: v1\nkind: Service\nmetadata: {name: x}\nspec: {ports: [{port: one}]}\n",
        "apiVersion: v1\nkind: Service\nmetadata: {nmae: x}\nspec: {ports: [{port: 1}]}\n",
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: x}\nspec: {replicas: 1}\n",
        "apiVersion: gateway.networking.k8s.io/v1\nkind: GRPCRoute\nmetadata: {name: x}\nspec: {rulez: []}\n",
      })
  void faults_wrongManifest_areFound(String manifest) {
    assertFalse(StrictManifest.faults(Chart.documents(manifest).getFirst()).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = SERVICE)
  void faults_rightManifest_areNone(String manifest) {
    assertEquals(List.of(), StrictManifest.faults(Chart.documents(manifest).getFirst()));
  }
}
