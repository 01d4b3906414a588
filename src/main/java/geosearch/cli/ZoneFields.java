package geosearch.cli;

import com.google.type.LatLng;
import geosearch.v1.Circle;
import geosearch.v1.Zone;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a zone has, as options. */
final class ZoneFields {

  @Option(
      names = "--collection",
      paramLabel = "NAME",
      defaultValue = "",
      description = "Its collection; thing if not given.")
  private String collection = "";

  @Option(
      names = "--outline",
      paramLabel = "FILE",
      description = "GeoJSON with its polygon or multipolygon; - is standard input.")
  private @Nullable String outline;

  @Option(
      names = "--circle",
      split = ",",
      paramLabel = "LATITUDE,LONGITUDE,METRES",
      description = "All that lies within so many metres of a position, in place of an outline.")
  private double @Nullable [] circle;

  @Option(
      names = "--priority",
      paramLabel = "NUMBER",
      description = "Higher ones come first in answers; 0 if not given.")
  private @Nullable Integer priority;

  @Option(
      names = "--attribute",
      paramLabel = "KEY=VALUE",
      description = "A property of it; may be repeated.")
  private @Nullable Map<String, String> attributes;

  @Option(
      names = "--start",
      paramLabel = "TIME",
      description = "From when on it is in answers: 2026-03-01T12:00:00Z.")
  private @Nullable Instant start;

  @Option(names = "--end", paramLabel = "TIME", description = "From when on it is not any more.")
  private @Nullable Instant end;

  /** What was given, as a message; apart, so that to list the options does not load its library. */
  static final class Message {

    private Message() {}

    /**
     * Sets what was given.
     *
     * @return the fields that were
     */
    static List<String> set(ZoneFields given, Zone.Builder zone, InputStream standardInput)
        throws IOException {
      List<String> fields = new ArrayList<>();
      zone.setCollection(given.collection);
      if (given.outline != null) {
        zone.setGeojson(OutlineFile.read(given.outline, standardInput));
        fields.add("outline");
      }
      if (given.circle != null) {
        if (given.circle.length != 3 || given.outline != null) {
          throw new CommandException(
              ExitCode.USAGE,
              "--circle takes a latitude, a longitude and metres, and no --outline beside it");
        }
        zone.setCircle(
            Circle.newBuilder()
                .setCenter(
                    LatLng.newBuilder().setLatitude(given.circle[0]).setLongitude(given.circle[1]))
                .setRadiusM(given.circle[2]));
        fields.add("outline");
      }
      if (given.priority != null) {
        zone.setPriority(given.priority);
        fields.add("priority");
      }
      if (given.attributes != null) {
        zone.putAllAttributes(given.attributes);
        given.attributes.keySet().forEach(key -> fields.add("attributes." + key));
      }
      if (given.start != null) {
        zone.setStartTime(ZoneFeature.timestamp(given.start));
        fields.add("start_time");
      }
      if (given.end != null) {
        zone.setEndTime(ZoneFeature.timestamp(given.end));
        fields.add("end_time");
      }
      return fields;
    }
  }
}
