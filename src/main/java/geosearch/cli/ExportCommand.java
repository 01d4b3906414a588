package geosearch.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import geosearch.geo.Area;
import geosearch.store.AreaSink;
import geosearch.v1.Layer;
import io.grpc.Status;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.locationtech.jts.geom.Geometry;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "export",
    description = "Write a layer as GeoJSON.",
    footer = {
      "",
      "What is written of a collection of zones can be given to `zones apply`, of another layer to",
      "`import --name name --attributes '*'`, and comes back equal. A server that is named is asked",
      "for any layer. Otherwise zones are asked of the one on this machine, and another layer is",
      "read from the store, an embedded one through the running server, if there is one.",
      "",
      "Examples:",
      "  geosearch export delivery > delivery.geojson",
      "  geosearch export country --output countries.geojson",
      "  geosearch export country --server geosearch.example > countries.geojson",
    })
final class ExportCommand implements Callable<Integer> {

  private final Map<String, String> environment;
  private final Console console;

  @Mixin private StoreOptions options = new StoreOptions();
  @Mixin private ServerOptions server = new ServerOptions();

  @Parameters(paramLabel = "LAYER", description = "Its name.")
  private String layer = "";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Where to write; standard output if not given.")
  private @Nullable Path output;

  ExportCommand(Map<String, String> environment, Console console) {
    this.environment = environment;
    this.console = console;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (output == null) {
      export(console.out());
      console.out().println();
    } else {
      OutputFile.write(output, this::export);
    }
    return ExitCode.OK;
  }

  private void export(OutputStream to) throws IOException, InterruptedException {
    JsonFactory json =
        JsonFactory.builder()
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            // What is not whole must not look as if it were.
            .disable(StreamWriteFeature.AUTO_CLOSE_CONTENT)
            .build();
    try (JsonGenerator out = json.createGenerator(to)) {
      out.writeStartObject();
      out.writeStringField("type", "FeatureCollection");
      out.writeArrayFieldStart("features");
      try {
        if (server.isNamed()) {
          new Asked().export(out);
        } else if (!new Asked().exportZones(out)) {
          exportAreas(out);
        }
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
      out.writeEndArray();
      out.writeEndObject();
    }
  }

  private static boolean isNoServer(CommandException e) {
    return e.exitCode() == ExitCode.UNAVAILABLE
        || Status.fromThrowable(e).getCode() == Status.Code.INVALID_ARGUMENT;
  }

  private void exportAreas(JsonGenerator out) throws IOException {
    try (Administration administration =
        StoreAccess.administration(options.load(environment).config())) {
      administration.export(layer, new Features(out, console));
    }
  }

  /** Writes areas. */
  private record Features(JsonGenerator out, Console console) implements AreaSink {
    @Override
    public void accept(Area area, Geometry outline) {
      try {
        out.writeStartObject();
        out.writeStringField("type", "Feature");
        out.writeStringField("id", area.id());
        AreaFeature.writeProperties(area.name(), area.attributes(), out);
        out.writeFieldName("geometry");
        GeoJsonText.write(outline, out);
        out.writeEndObject();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void skip(String id, String reason) {
      console.err().println("geosearch: left out " + Text.printable(id + ": " + reason));
    }
  }

  /** Apart, so that to list the options does not load the messages' library. */
  private final class Asked {

    private boolean found;

    /** All of it from the server that was named. */
    void export(JsonGenerator out) throws IOException, InterruptedException {
      try (ServerConnection connection = server.connect(options.load(environment).config())) {
        Layer there = AreaExport.find(connection, layer);
        if (AreaExport.isCollection(there)) {
          write(connection, out);
        } else {
          new AreaExport(connection, there, new Features(out, console)).run();
        }
      }
    }

    /** Returns whether there are zones of that collection. */
    boolean exportZones(JsonGenerator out) throws IOException {
      try (ServerConnection connection = ZonesCommand.connect(options, server, environment)) {
        write(connection, out);
      } catch (CommandException e) {
        if (found || !isNoServer(e)) {
          throw e;
        }
      }
      return found;
    }

    private void write(ServerConnection connection, JsonGenerator out) {
      ZonePages.forEach(
          connection,
          layer,
          true,
          zone -> {
            found = true;
            try {
              ZoneFeature.write(zone, ZoneFeature.outline(zone), out);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }
  }
}
