package geosearch.store;

import geosearch.geo.Area;
import geosearch.geo.Layer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.h2.mvstore.Cursor;
import org.locationtech.jts.geom.Geometry;

/** The zones in the embedded file. */
final class EmbeddedZones implements Zones {

  private static final String REVISION = "zone-revision";

  private final EmbeddedFile file;
  private final int maxZones;
  private final Runnable onChange;

  EmbeddedZones(EmbeddedFile file, int maxZones, Runnable onChange) {
    this.file = file;
    this.maxZones = maxZones;
    this.onChange = onChange;
  }

  @Override
  public Zone create(Area area, Geometry outline) {
    byte[] key = key(area.id());
    Zone created =
        file.write(tables -> {
          if (tables.zones().containsKey(key)) {
            throw Refusals.zoneExists(area.id());
          }
          if (tables.zones().sizeAsLong() >= maxZones) {
            throw Refusals.tooManyZones(maxZones);
          }
          Zone zone =
              new Zone(
                  area,
                  Optional.of(outline),
                  Optional.of(Instant.now().truncatedTo(ChronoUnit.MICROS)),
                  tables.counter(REVISION) + 1,
                  false);
          byte[] bytes = toBytes(zone, outline);
          tables.zones().put(key, bytes);
          tables.increment(REVISION);
          return zone;
        });
    onChange.run();
    return created;
  }

  @Override
  public List<Zone> list(String afterId, int limit, boolean withOutlines) {
    byte[] after = key(afterId);
    return file.scan(
        tables -> tables.zones().cursor(after),
        cursor -> {
          List<Zone> zones = new ArrayList<>();
          AreaCodec codec = new AreaCodec();
          while (zones.size() < limit && cursor.hasNext()) {
            if (!Arrays.equals(cursor.next(), after)) {
              zones.add(fromBytes(codec, cursor.getValue(), withOutlines));
            }
          }
          return zones;
        });
  }

  @Override
  public long delete(String id) {
    byte[] key = key(id);
    long revision =
        file.write(tables -> {
          if (tables.zones().remove(key) == null) {
            throw Refusals.noSuchZone(id);
          }
          return tables.increment(REVISION);
        });
    onChange.run();
    return revision;
  }

  LayerState state() {
    return file.read(EmbeddedZones::state);
  }

  LayerContent read(AreaSink sink) {
    record Content(LayerState state, long revision, Cursor<byte[], byte[]> zones) {}
    return file.scan(
        tables -> new Content(state(tables), tables.counter(REVISION), tables.zones().cursor(null)),
        content -> {
          AreaCodec codec = new AreaCodec();
          while (content.zones().hasNext()) {
            content.zones().next();
            Zone zone = fromBytes(codec, content.zones().getValue(), true);
            sink.accept(zone.area(), zone.outline().orElseThrow());
          }
          return new LayerContent(content.state(), content.revision(), 0);
        });
  }

  private static LayerState state(EmbeddedTables tables) {
    Layer layer =
        new Layer(Store.ZONE_LAYER, Layer.Kind.ZONES, false, "", "zones of the store", "", 0);
    return new LayerState(layer, Long.toString(tables.counter(REVISION)), Optional.empty());
  }

  private static byte[] key(String id) {
    return id.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] toBytes(Zone zone, Geometry outline) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeLong(zone.revision());
      AreaCodec.writeTime(out, zone.createTime().orElseThrow());
      new AreaCodec().write(out, zone.area(), outline);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static Zone fromBytes(AreaCodec codec, byte[] bytes, boolean withOutline) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      long revision = in.readLong();
      Instant created = AreaCodec.readTime(in);
      Area area = codec.readArea(in);
      Optional<Geometry> outline =
          withOutline ? Optional.of(codec.readOutline(in)) : Optional.empty();
      return new Zone(area, outline, Optional.of(created), revision, false);
    } catch (IOException e) {
      throw new StoreException(StoreException.Kind.CORRUPT, "a zone in the store is cut off", e);
    }
  }
}
