package geosearch.store;

import geosearch.geo.Layer;
import geosearch.store.DatasetWriter.Provenance;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the embedded store knows of an imported layer. Immutable.
 *
 * @param name of the layer
 * @param lastVersion the last version that there has been, deleted or not
 * @param activeVersion the one that is served; 0 where there is none
 * @param versions from new to old; none of a layer that was deleted
 */
record LayerRecord(String name, long lastVersion, long activeVersion, List<Version> versions) {

  /**
   * One version.
   *
   * @param number of the version
   * @param content where its areas are
   */
  record Version(
      long number,
      long content,
      Instant importTime,
      long areas,
      long vertices,
      Provenance provenance,
      boolean keep) {

    Version withKeep(boolean kept) {
      return new Version(number, content, importTime, areas, vertices, provenance, kept);
    }
  }

  /** A layer that has not been imported yet. */
  static LayerRecord none(String name) {
    return new LayerRecord(name, 0, 0, List.of());
  }

  Optional<Version> version(long number) {
    return versions.stream().filter(version -> version.number() == number).findFirst();
  }

  /** The version that is served; nothing before the first import, and after a deletion. */
  Optional<Version> active() {
    return version(activeVersion);
  }

  /** With a further version, which becomes the active one, and without those no longer kept. */
  LayerRecord with(Version added) {
    List<Version> kept = new ArrayList<>();
    kept.add(added);
    int unmarked = 1;
    for (Version version : versions) {
      if (version.keep() || unmarked++ < Datasets.KEPT_VERSIONS) {
        kept.add(version);
      }
    }
    return new LayerRecord(name, added.number(), added.number(), List.copyOf(kept));
  }

  LayerRecord withActive(long number) {
    return new LayerRecord(name, lastVersion, number, versions);
  }

  LayerRecord withKeep(long number, boolean keep) {
    return new LayerRecord(
        name,
        lastVersion,
        activeVersion,
        versions.stream().map(v -> v.number() == number ? v.withKeep(keep) : v).toList());
  }

  LayerRecord without(long number) {
    return new LayerRecord(
        name,
        lastVersion,
        activeVersion,
        versions.stream().filter(version -> version.number() != number).toList());
  }

  /** As it is when the layer has been deleted. */
  LayerRecord deleted() {
    return new LayerRecord(name, lastVersion, 0, List.of());
  }

  Dataset dataset(Version version) {
    Provenance provenance = version.provenance();
    return new Dataset(
        name,
        version.number(),
        provenance.source(),
        version.importTime(),
        version.areas(),
        version.vertices(),
        provenance.repaired(),
        provenance.skipped(),
        provenance.checksum(),
        provenance.attribution(),
        provenance.accuracyMetres(),
        version.number() == activeVersion,
        version.keep());
  }

  /** The layer in a version: one never changes, so its number is the fingerprint. */
  LayerState state(Version version) {
    Provenance provenance = version.provenance();
    String number = Long.toString(version.number());
    Layer layer =
        new Layer(
            name,
            Layer.Kind.DATASET,
            false,
            number,
            provenance.source(),
            provenance.attribution(),
            provenance.accuracyMetres(),
            versions.stream().map(kept -> Long.toString(kept.number())).toList());
    return new LayerState(layer, number, Optional.empty());
  }

  byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeLong(lastVersion);
      out.writeLong(activeVersion);
      out.writeInt(versions.size());
      for (Version version : versions) {
        write(out, version);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static LayerRecord of(String name, byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      long lastVersion = in.readLong();
      long activeVersion = in.readLong();
      int count = in.readInt();
      List<Version> versions = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        versions.add(read(in));
      }
      return new LayerRecord(name, lastVersion, activeVersion, List.copyOf(versions));
    } catch (IOException e) {
      throw new StoreException(
          StoreException.Kind.CORRUPT, "what the store says of the layer " + name + " is cut", e);
    }
  }

  private static void write(DataOutputStream out, Version version) throws IOException {
    out.writeLong(version.number());
    out.writeLong(version.content());
    AreaCodec.writeTime(out, version.importTime());
    out.writeLong(version.areas());
    out.writeLong(version.vertices());
    Provenance provenance = version.provenance();
    AreaCodec.writeText(out, provenance.source());
    AreaCodec.writeText(out, provenance.checksum());
    out.writeLong(provenance.repaired());
    out.writeLong(provenance.skipped());
    AreaCodec.writeText(out, provenance.attribution());
    out.writeDouble(provenance.accuracyMetres());
    out.writeBoolean(version.keep());
  }

  private static Version read(DataInputStream in) throws IOException {
    return new Version(
        in.readLong(),
        in.readLong(),
        AreaCodec.readTime(in),
        in.readLong(),
        in.readLong(),
        new Provenance(
            AreaCodec.readText(in),
            AreaCodec.readText(in),
            in.readLong(),
            in.readLong(),
            AreaCodec.readText(in),
            in.readDouble()),
        in.readBoolean());
  }
}
