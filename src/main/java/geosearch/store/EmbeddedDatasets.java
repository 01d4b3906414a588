package geosearch.store;

import geosearch.geo.AreaIndex;
import geosearch.geo.Layer;
import geosearch.store.LayerRecord.Version;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The imported versions of layers in the embedded file. */
final class EmbeddedDatasets implements Datasets {

  private static final String LAST_CONTENT = "content";

  private final EmbeddedFile file;
  private final Path folder;
  private final Runnable onChange;

  /** Where imports that are under way put their areas, by the layer. */
  private final Map<String, Long> underWay = new ConcurrentHashMap<>();

  EmbeddedDatasets(EmbeddedFile file, Path folder, Runnable onChange) {
    this.file = file;
    this.folder = folder;
    this.onChange = onChange;
    SeenIds.deleteLeftovers(folder);
    try {
      dropLeftovers();
      IndexFile.tidy(folder, file.read(EmbeddedDatasets::imported));
    } catch (StoreException e) {
      // They stay if the disk is full, or if it can't be told what is left over because what is
      // known of a layer is damaged: the rest of the store is there to be read.
      if (e.kind() != StoreException.Kind.FULL && e.kind() != StoreException.Kind.CORRUPT) {
        throw e;
      }
    }
  }

  /**
   * Drops the areas that no version refers to: of imports that were killed, or that could not even
   * be undone on a full disk.
   */
  private void dropLeftovers() {
    Set<Long> unused =
        file.read(tables -> {
          Set<Long> contents = new HashSet<>();
          for (long content : tables.contents()) {
            contents.add(content);
          }
          contents.removeAll(underWay.values());
          for (LayerRecord layer : layers(tables)) {
            layer.versions().forEach(version -> contents.remove(version.content()));
          }
          return contents;
        });
    if (!unused.isEmpty()) {
      file.stage(tables -> unused.forEach(tables::dropContent));
    }
  }

  @Override
  public List<Dataset> list() {
    return file.read(EmbeddedDatasets::layers).stream()
        .flatMap(layer -> layer.versions().stream().map(layer::dataset))
        .toList();
  }

  @Override
  public DatasetWriter begin(String layer) {
    if (layer.equals(Store.ZONE_LAYER)) {
      throw Refusals.zonesAreNotImported(layer);
    }
    if (file.read(tables -> tables.zones().collection(layer).zones()) > 0) {
      throw Refusals.zonesAreNotImported(layer);
    }
    if (underWay.putIfAbsent(layer, 0L) != null) {
      throw Refusals.importUnderWay(layer);
    }
    try {
      dropLeftovers();
      record Begun(long content, boolean replacing) {}
      Begun begun =
          file.write(
              tables -> new Begun(tables.increment(LAST_CONTENT), isImported(tables, layer)));
      underWay.put(layer, begun.content());
      return new EmbeddedWriter(
          layer,
          begun.content(),
          begun.replacing(),
          file,
          folder,
          onChange,
          () -> underWay.remove(layer));
    } catch (RuntimeException e) {
      underWay.remove(layer);
      throw e;
    }
  }

  @Override
  public Dataset activate(String layer, long number) {
    Dataset activated =
        file.write(tables -> {
          LayerRecord changed = existing(tables, layer, number).withActive(number);
          tables.layers().put(layer, changed.toBytes());
          return changed.dataset(changed.active().orElseThrow());
        });
    onChange.run();
    return activated;
  }

  @Override
  public void delete(String layer, long number) {
    file.write(tables -> {
      LayerRecord record = existing(tables, layer, number);
      if (record.activeVersion() == number) {
        throw Refusals.activeVersion(layer, number);
      }
      replace(tables, record, record.without(number));
      return true;
    });
    onChange.run();
  }

  @Override
  public void deleteLayer(String layer) {
    file.write(tables -> {
      LayerRecord record =
          find(tables, layer)
              .filter(found -> !found.versions().isEmpty())
              .orElseThrow(() -> Refusals.notImported(layer));
      replace(tables, record, record.deleted());
      return true;
    });
    new IndexFile(folder, layer).delete();
    onChange.run();
  }

  @Override
  public Dataset keep(String layer, long number, boolean keep) {
    return file.write(tables -> {
      LayerRecord changed = existing(tables, layer, number).withKeep(number, keep);
      tables.layers().put(layer, changed.toBytes());
      return changed.dataset(changed.version(number).orElseThrow());
    });
  }

  @Override
  public void accept(String layer) {
    throw Refusals.notFromTable(layer);
  }

  /** The layers that have been imported, by name. */
  List<LayerState> states() {
    return file.read(tables ->
        tables.layers().keySet().stream().sorted().flatMap(name -> state(tables, name)).toList());
  }

  /**
   * A layer of which nothing is known any more is named with its problem, and the others served.
   */
  private static Stream<LayerState> state(EmbeddedTables tables, String name) {
    try {
      return find(tables, name).stream()
          .flatMap(layer -> layer.active().map(layer::state).stream());
    } catch (StoreException e) {
      return Stream.of(LayerState.damaged(name, Layer.Kind.DATASET, e));
    }
  }

  /** Reads the active version of a layer. */
  LayerContent read(String layer, AreaSink sink) {
    return read(
        layer,
        tables -> {
          LayerRecord found = find(tables, layer).orElseThrow(() -> Refusals.noSuchLayer(layer));
          return content(
              tables, found, found.active().orElseThrow(() -> Refusals.noSuchLayer(layer)));
        },
        sink);
  }

  @Override
  public LayerContent read(String layer, long number, AreaSink sink) {
    return read(
        layer,
        tables -> {
          LayerRecord found = existing(tables, layer, number);
          return content(tables, found, found.version(number).orElseThrow());
        },
        sink);
  }

  /** A version that is about to be read. */
  private record Content(LayerState state, long areas, CheckedMap.Rows<Long> blocks) {}

  private static Content content(EmbeddedTables tables, LayerRecord layer, Version version) {
    return new Content(
        layer.state(version), version.areas(), tables.content(version.content()).rows(null));
  }

  private LayerContent read(String layer, Function<EmbeddedTables, Content> which, AreaSink sink) {
    return file.scan(
        which,
        content -> {
          readAreas(layer, content.areas(), values(content.blocks()), sink);
          return new LayerContent(content.state(), 0, 0);
        });
  }

  /** The index of the active version of a layer, if it was written down and fits. */
  Optional<KeptIndex> keptIndex(String layer, LongPredicate fits) {
    Optional<LayerRecord> found = file.read(tables -> find(tables, layer));
    return found.flatMap(record ->
        record
            .active()
            .flatMap(active ->
                new IndexFile(folder, layer)
                    .read(key(active), fits)
                    .map(index ->
                        new KeptIndex(new LayerContent(record.state(active), 0, 0), index))));
  }

  /** Writes the index of a version of a layer down, unless that was deleted meanwhile. */
  void keepIndex(LayerContent content, AreaIndex index) {
    LayerState state = content.state();
    String layer = state.layer().name();
    file.read(tables -> find(tables, layer))
        .flatMap(record -> record.version(Long.parseLong(state.fingerprint())))
        .ifPresent(version -> new IndexFile(folder, layer).write(key(version), index));
  }

  /** Differs from version to version, and where another file once was in this one's place. */
  private static String key(Version version) {
    return version.number()
        + " "
        + version.content()
        + " "
        + version.importTime()
        + " "
        + version.provenance().checksum();
  }

  private static void readAreas(String layer, long areas, Iterator<byte[]> blocks, AreaSink sink) {
    AreaCodec codec = new AreaCodec();
    DataInputStream in = new DataInputStream(new Blocks.Input(blocks));
    for (long i = 0; i < areas; i++) {
      try {
        sink.accept(AreaCodec.readArea(in), codec.readOutline(in));
      } catch (IOException e) {
        throw new StoreException(
            StoreException.Kind.CORRUPT, "the areas of the layer " + layer + " are cut off", e);
      }
    }
  }

  private static Iterator<byte[]> values(CheckedMap.Rows<Long> rows) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return rows.hasNext();
      }

      @Override
      public byte[] next() {
        rows.next();
        return rows.value();
      }
    };
  }

  private static Set<String> imported(EmbeddedTables tables) {
    return tables.layers().keySet().stream()
        .filter(layer -> isImported(tables, layer))
        .collect(Collectors.toSet());
  }

  /** Whether a layer of that name has been imported, and not been deleted since. */
  static boolean isImported(EmbeddedTables tables, String layer) {
    return find(tables, layer).flatMap(LayerRecord::active).isPresent();
  }

  static Optional<LayerRecord> find(EmbeddedTables tables, String layer) {
    byte[] bytes = tables.layers().get(layer);
    return bytes == null ? Optional.empty() : Optional.of(LayerRecord.of(layer, bytes));
  }

  /** Puts one state of a layer in the place of another, and drops areas that it does without. */
  static void replace(EmbeddedTables tables, LayerRecord before, LayerRecord after) {
    tables.layers().put(after.name(), after.toBytes());
    Set<Long> kept = after.versions().stream().map(Version::content).collect(Collectors.toSet());
    for (Version version : before.versions()) {
      if (!kept.contains(version.content())) {
        tables.dropContent(version.content());
      }
    }
  }

  private static LayerRecord existing(EmbeddedTables tables, String layer, long number) {
    return find(tables, layer)
        .filter(record -> record.version(number).isPresent())
        .orElseThrow(() -> Refusals.noSuchVersion(layer, number));
  }

  private static List<LayerRecord> layers(EmbeddedTables tables) {
    List<LayerRecord> layers = new ArrayList<>();
    tables.layers().forEach((name, bytes) -> layers.add(LayerRecord.of(name, bytes)));
    layers.sort(Comparator.comparing(LayerRecord::name));
    return layers;
  }
}
