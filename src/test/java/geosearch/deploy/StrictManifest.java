package geosearch.deploy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Looks for what a manifest must not have: of the kinds of Kubernetes itself, fields that are
 * unknown or missing (the Kubernetes client's model) and values of a wrong type (fabric8's model);
 * of other kinds, whatever their own schema refuses.
 */
final class StrictManifest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FABRIC8 = "io.fabric8.kubernetes.api.model.";

  /** The package of each API group in fabric8's model. */
  private static final Map<String, String> FABRIC8_PACKAGES =
      Map.of(
          "v1", "",
          "apps/v1", "apps.",
          "batch/v1", "batch.v1.",
          "autoscaling/v2", "autoscaling.v2.",
          "policy/v1", "policy.v1.",
          "networking.k8s.io/v1", "networking.v1.");

  private StrictManifest() {}

  /** All that is wrong with a manifest; empty where that is nothing. */
  static List<String> faults(JsonNode manifest) {
    String group = manifest.path("apiVersion").asText();
    String kind = manifest.path("kind").asText();
    List<String> faults = new ArrayList<>();
    if (FABRIC8_PACKAGES.containsKey(group)) {
      checkFields(group, kind, manifest, faults);
      checkTypes(FABRIC8 + FABRIC8_PACKAGES.get(group) + kind, manifest, faults);
    } else {
      schemaFaults(group.replace('/', '-') + "-" + kind + ".json", manifest)
          .forEach(message -> faults.add(message.toString()));
    }
    return faults.stream()
        .map(fault -> kind + " " + manifest.at("/metadata/name").asText() + ": " + fault)
        .toList();
  }

  /** What a schema beside this class refuses. */
  static Set<ValidationMessage> schemaFaults(String schema, JsonNode document) {
    try (InputStream in = StrictManifest.class.getResourceAsStream(schema)) {
      if (in == null) {
        throw new AssertionError("there is no schema " + schema);
      }
      return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7)
          .getSchema(in)
          .validate(document);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void checkFields(
      String group, String kind, JsonNode manifest, List<String> faults) {
    String version = group.substring(group.indexOf('/') + 1);
    String model = "io.kubernetes.client.openapi.models." + version.replaceFirst("v", "V") + kind;
    try {
      Class.forName(model)
          .getMethod("validateJsonElement", JsonElement.class)
          .invoke(null, JsonParser.parseString(manifest.toString()));
    } catch (InvocationTargetException e) {
      faults.add(String.valueOf(e.getCause()));
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("there is no model " + model, e);
    }
  }

  private static void checkTypes(String model, JsonNode manifest, List<String> faults) {
    try {
      Object read = JSON.treeToValue(manifest, Class.forName(model));
      checkKnown("", manifest, read, faults);
    } catch (JsonProcessingException e) {
      faults.add(e.getOriginalMessage());
    } catch (ClassNotFoundException e) {
      throw new AssertionError("there is no model " + model, e);
    }
  }

  /** The model keeps what it does not know beside what it knows. */
  private static void checkKnown(String path, JsonNode given, Object read, List<String> faults) {
    if (read != null) {
      try {
        Object unknown = read.getClass().getMethod("getAdditionalProperties").invoke(read);
        if (unknown instanceof Map<?, ?> map && !map.isEmpty()) {
          faults.add("unknown at " + path + ": " + map.keySet());
        }
      } catch (NoSuchMethodException e) {
        // A map or a value.
      } catch (ReflectiveOperationException e) {
        throw new LinkageError("of its own model", e);
      }
      for (var field : given.properties()) {
        Object part = part(read, field.getKey());
        checkKnown(path + "/" + field.getKey(), field.getValue(), part, faults);
      }
      if (given.isArray() && read instanceof List<?> list) {
        for (int i = 0; i < list.size(); i++) {
          checkKnown(path + "/" + i, given.get(i), list.get(i), faults);
        }
      }
    }
  }

  private static Object part(Object read, String field) {
    if (read instanceof Map<?, ?> map) {
      return map.get(field);
    }
    try {
      String getter = "get" + Character.toUpperCase(field.charAt(0)) + field.substring(1);
      return read.getClass().getMethod(getter).invoke(read);
    } catch (ReflectiveOperationException e) {
      // Named otherwise, such as clusterIP, or none of ours: types have been checked by reading.
      return null;
    }
  }
}
