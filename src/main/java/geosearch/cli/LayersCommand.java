package geosearch.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import geosearch.v1.Layer;
import geosearch.v1.ListLayersRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "layers",
    description = "List the layers of a running server, in the order of its answers.",
    footer = {
      "",
      "Examples:",
      "  geosearch layers",
      "  geosearch layers --server search.example:50051 --json",
    })
final class LayersCommand implements Callable<Integer> {

  private final Map<String, String> environment;
  private final Console console;

  @Mixin private ConfigOptions options = new ConfigOptions();
  @Mixin private ServerOptions server = new ServerOptions();

  @Option(names = "--json", description = "Print a JSON array.")
  private boolean json;

  LayersCommand(Map<String, String> environment, Console console) {
    this.environment = environment;
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    try (ServerConnection connection = server.connect(options.load(environment).config())) {
      new Answer(connection).print(json, console);
      return ExitCode.OK;
    }
  }

  /** What the server says; apart, so that to list the options does not load the messages. */
  private static final class Answer {
    private final List<Layer> layers;

    Answer(ServerConnection connection) {
      layers =
          connection
              .call(() ->
                  connection.geoSearchWaiting().listLayers(ListLayersRequest.getDefaultInstance()))
              .getLayersList();
    }

    void print(boolean json, Console console) {
      if (json) {
        Json.printArray(
            console.out(),
            layers.stream().<Json.Value>map(layer -> out -> writeJson(layer, out)).toList());
        return;
      }
      Table table = new Table("LAYER", "KIND", "AREAS", "VERTICES", "VERSION", "READ", "SOURCE");
      for (Layer layer : layers) {
        table.add(
            layer.getSnapshot().getLayer(),
            kind(layer),
            layer.getAreas(),
            layer.getVertices(),
            layer.getSnapshot().getDatasetVersion(),
            ago(Duration.ofSeconds(layer.getSnapshot().getAge().getSeconds())),
            layer.getSource());
      }
      table.print(console.out());
      for (Layer layer : layers) {
        if (layer.hasProblem()) {
          console
              .out()
              .println(layer.getSnapshot().getLayer() + ": " + layer.getProblem().getMessage());
        }
      }
    }

    private static String problem(Layer layer) {
      return switch (layer.getProblem().getCode()) {
        case LAYER_PROBLEM_CODE_STORE_MISMATCH -> "store_mismatch";
        case LAYER_PROBLEM_CODE_UNSPECIFIED, UNRECOGNIZED -> "unknown";
      };
    }

    private static String ago(Duration age) {
      if (age.toDays() > 0) {
        return age.toDays() + " d ago";
      }
      if (age.toHours() > 0) {
        return age.toHours() + " h ago";
      }
      return age.toMinutes() > 0 ? age.toMinutes() + " min ago" : age.toSeconds() + " s ago";
    }

    private static String kind(Layer layer) {
      return layer.getKind().name().substring("LAYER_KIND_".length()).toLowerCase(Locale.ROOT);
    }

    private static void writeJson(Layer layer, JsonGenerator out) throws IOException {
      out.writeStartObject();
      AreaOutput.writeSnapshot(layer.getSnapshot(), out);
      out.writeNumberField("revision", layer.getSnapshot().getRevision());
      out.writeStringField("kind", kind(layer));
      out.writeNumberField("areas", layer.getAreas());
      out.writeNumberField("vertices", layer.getVertices());
      if (layer.hasBounds()) {
        AreaOutput.writeBounds(layer.getBounds(), out);
      }
      out.writeStringField("attribution", layer.getAttribution());
      out.writeNumberField("accuracy_m", layer.getAccuracyM());
      out.writeStringField("source", layer.getSource());
      out.writeArrayFieldStart("dataset_versions");
      for (String version : layer.getDatasetVersionsList()) {
        out.writeString(version);
      }
      out.writeEndArray();
      if (layer.hasProblem()) {
        out.writeObjectFieldStart("problem");
        out.writeStringField("code", problem(layer));
        out.writeStringField("message", layer.getProblem().getMessage());
        out.writeEndObject();
      }
      out.writeEndObject();
    }
  }
}
