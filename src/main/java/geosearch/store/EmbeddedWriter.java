package geosearch.store;

import geosearch.geo.Area;
import geosearch.store.LayerRecord.Version;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.locationtech.jts.geom.Geometry;

/**
 * Writes a new version of a layer into the embedded file. Its areas are staged as they come, where
 * nothing refers to them, so that one short change at the end is all of the transaction, however
 * large the version is.
 */
final class EmbeddedWriter implements DatasetWriter {

  private final String layer;
  private final long content;
  private final boolean replacing;
  private final EmbeddedFile file;
  private final Runnable onChange;
  private final Runnable onEnd;
  private final SeenIds seen;
  private final DataOutputStream out;
  private final AreaCodec codec = new AreaCodec();
  private long areas;
  private long vertices;
  private boolean committed;
  private boolean ended;

  /**
   * @param content where its areas are to be
   * @param replacing whether the layer has a version that is served
   */
  EmbeddedWriter(
      String layer,
      long content,
      boolean replacing,
      EmbeddedFile file,
      Path folder,
      Runnable onChange,
      Runnable onEnd) {
    this.layer = layer;
    this.content = content;
    this.replacing = replacing;
    this.file = file;
    this.onChange = onChange;
    this.onEnd = onEnd;
    this.seen = new SeenIds(folder, file::failedWrite);
    this.out = new DataOutputStream(new Blocks.Output(file, content));
  }

  @Override
  public void add(long featureNumber, Area area, Geometry outline) {
    seen.add(area.id(), featureNumber);
    areas++;
    vertices += outline.getNumPoints();
    try {
      codec.write(out, area, outline);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Dataset commit(Provenance provenance, boolean force) {
    seen.checkUnique();
    try {
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Dataset dataset =
        file.write(tables -> {
          LayerRecord before = EmbeddedDatasets.find(tables, layer).orElse(LayerRecord.none(layer));
          if (replacing && before.active().isEmpty()) {
            throw Refusals.deletedMeanwhile(layer);
          }
          if (tables.zones().collection(layer).zones() > 0) {
            throw Refusals.zonesAreNotImported(layer);
          }
          long lost = before.active().map(Version::areas).orElse(0L);
          if (!force && Refusals.losesTooMany(lost, areas)) {
            throw Refusals.losesMoreThanHalf(layer, lost, areas);
          }
          Version version =
              new Version(
                  before.lastVersion() + 1,
                  content,
                  Instant.now().truncatedTo(ChronoUnit.MICROS),
                  areas,
                  vertices,
                  provenance,
                  false);
          LayerRecord after = before.with(version);
          EmbeddedDatasets.replace(tables, before, after);
          return after.dataset(version);
        });
    committed = true;
    onChange.run();
    return dataset;
  }

  @Override
  public void close() {
    if (ended) {
      return;
    }
    ended = true;
    try (seen) {
      if (!committed) {
        file.stage(tables -> tables.dropContent(content));
      }
    } finally {
      onEnd.run();
    }
  }
}
