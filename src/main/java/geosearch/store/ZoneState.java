package geosearch.store;

import geosearch.geo.Area;
import geosearch.geo.Circle;
import geosearch.geo.Validity;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Optional;
import org.locationtech.jts.geom.Geometry;

/**
 * A state of a zone as the embedded store keeps it.
 *
 * @param time when the zone came to be in it
 * @param createTime when the zone was created
 * @param zone what it was; nothing for the state of being no longer there
 */
record ZoneState(Instant time, Instant createTime, Optional<ZoneDraft> zone) {

  boolean isDeleted() {
    return zone.isEmpty();
  }

  byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      AreaCodec.writeTime(out, time);
      out.writeBoolean(isDeleted());
      if (zone.isPresent()) {
        write(out, zone.get());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private void write(DataOutputStream out, ZoneDraft written) throws IOException {
    AreaCodec.writeTime(out, createTime);
    writeTime(out, written.area().validity().start());
    writeTime(out, written.area().validity().end());
    out.writeBoolean(written.circle().isPresent());
    if (written.circle().isPresent()) {
      Circle circle = written.circle().get();
      out.writeDouble(circle.latitude());
      out.writeDouble(circle.longitude());
      out.writeDouble(circle.radiusMetres());
    }
    new AreaCodec().write(out, written.area(), written.outline());
  }

  private static void writeTime(DataOutputStream out, Optional<Instant> time) throws IOException {
    out.writeBoolean(time.isPresent());
    if (time.isPresent()) {
      AreaCodec.writeTime(out, time.get());
    }
  }

  private static Optional<Instant> readTime(DataInputStream in) throws IOException {
    return in.readBoolean() ? Optional.of(AreaCodec.readTime(in)) : Optional.empty();
  }

  /** When the state began. */
  static Instant time(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      return AreaCodec.readTime(in);
    } catch (IOException e) {
      throw cutOff(e);
    }
  }

  /**
   * The zone in a state; nothing if it was deleted.
   *
   * @param offset where the state begins
   */
  static Optional<Zone> zone(
      String collection, byte[] bytes, int offset, long revision, boolean withOutline) {
    try (DataInputStream in =
        new DataInputStream(new ByteArrayInputStream(bytes, offset, bytes.length - offset))) {
      Instant time = AreaCodec.readTime(in);
      return in.readBoolean()
          ? Optional.empty()
          : Optional.of(read(in, collection, time, revision, withOutline));
    } catch (IOException e) {
      throw cutOff(e);
    }
  }

  private static Zone read(
      DataInputStream in, String collection, Instant time, long revision, boolean withOutline)
      throws IOException {
    Instant createTime = AreaCodec.readTime(in);
    Validity validity = new Validity(readTime(in), readTime(in));
    Optional<Circle> circle = Optional.empty();
    if (in.readBoolean()) {
      circle = Optional.of(new Circle(in.readDouble(), in.readDouble(), in.readDouble()));
    }
    AreaCodec codec = new AreaCodec();
    Area area = AreaCodec.readArea(in);
    Optional<Geometry> outline =
        withOutline ? Optional.of(codec.readOutline(in)) : Optional.empty();
    return new Zone(
        collection,
        new Area(area.id(), area.name(), area.attributes(), area.priority(), validity),
        outline,
        circle,
        Optional.of(createTime),
        Optional.of(time),
        revision,
        false);
  }

  private static StoreException cutOff(IOException e) {
    return new StoreException(StoreException.Kind.CORRUPT, "a zone in the store is cut off", e);
  }
}
