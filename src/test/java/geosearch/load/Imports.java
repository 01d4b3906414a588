package geosearch.load;

import geosearch.config.ImportConfig;
import geosearch.store.Store;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Assertions;

/** Imports of small files, and the files. */
final class Imports {

  static final ImportConfig CONFIG = new ImportConfig(1000, 500, Duration.ofSeconds(10));

  /** Layer {@code town}, id {@code code}, name {@code nom}. */
  static final ImportRequest REQUEST =
      new ImportRequest("town", "code", "nom", List.of(), "", 0, true, false, false);

  static final String SQUARE = "[[[0,0],[1,0],[1,1],[0,1],[0,0]]]";

  private Imports() {}

  static ImportRequest skipBad() {
    return new ImportRequest("town", "code", "nom", List.of(), "", 0, true, true, false);
  }

  static ImportRequest noRepair() {
    return new ImportRequest("town", "code", "nom", List.of(), "", 0, false, false, false);
  }

  static ImportRequest attributes(String... attributes) {
    return new ImportRequest("town", "code", "nom", List.of(attributes), "", 0, true, false, false);
  }

  static ImportRequest ids(String idProperty) {
    return new ImportRequest("town", idProperty, "", List.of(), "", 0, true, false, false);
  }

  /** A feature with members as they are in JSON. */
  static String feature(String properties, String geometry) {
    return """
    {"type":"Feature","properties":%s,"geometry":%s}\
    """
        .formatted(properties, geometry);
  }

  static String polygon(String coordinates) {
    return """
    {"type":"Polygon","coordinates":%s}\
    """
        .formatted(coordinates);
  }

  static String multiPolygon(String coordinates) {
    return """
    {"type":"MultiPolygon","coordinates":%s}\
    """
        .formatted(coordinates);
  }

  static String properties(String code) {
    return """
    {"code":"%s","nom":"name of %s"}\
    """
        .formatted(code, code);
  }

  /** A square. */
  static String town(String code) {
    return feature(properties(code), polygon(SQUARE));
  }

  static String town(String code, String coordinates) {
    return feature(properties(code), polygon(coordinates));
  }

  static String collection(String... features) {
    return """
    {"type":"FeatureCollection","features":[%s]}\
    """
        .formatted(String.join(",\n", features));
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static byte[] gzip(byte[] content) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return packed.toByteArray();
  }

  static byte[] zip(Map<String, byte[]> files) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(packed)) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        out.putNextEntry(new ZipEntry(file.getKey()));
        out.write(file.getValue());
        out.closeEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return packed.toByteArray();
  }

  static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  static ImportSource source(String name, byte[] content) {
    return ImportSource.of(name, new ByteArrayInputStream(content));
  }

  static ImportReport run(ImportRequest request, Store store, byte[]... files)
      throws ImportRefusedException {
    List<ImportSource> sources = new ArrayList<>();
    for (byte[] file : files) {
      sources.add(source("file" + (sources.size() + 1), file));
    }
    return new Importer(CONFIG).run(request, sources, store, (bytes, features) -> {});
  }

  static ImportReport run(ImportRequest request, Store store, String text)
      throws ImportRefusedException {
    return run(request, store, utf8(text));
  }

  /** What was put into the store from a file. */
  static RecordingStore stored(ImportRequest request, byte[] file) {
    RecordingStore store = new RecordingStore();
    Assertions.assertDoesNotThrow(() -> run(request, store, file));
    Assertions.assertTrue(store.committed && store.closed);
    return store;
  }

  static RecordingStore stored(ImportRequest request, String text) {
    return stored(request, utf8(text));
  }

  /** How a file is refused; sees to it that nothing has changed. */
  static ImportRefusedException refusal(ImportRequest request, byte[]... files) {
    RecordingStore store = new RecordingStore();
    ImportRefusedException refusal =
        Assertions.assertThrows(ImportRefusedException.class, () -> run(request, store, files));
    Assertions.assertTrue(store.isUnchanged());
    Assertions.assertTrue(refusal.report().dataset().isEmpty());
    return refusal;
  }

  static ImportRefusedException refusal(String text) {
    return refusal(REQUEST, utf8(text));
  }

  static void assertContains(String expected, String actual) {
    Assertions.assertTrue(actual.contains(expected), () -> actual + "\nwithout\n" + expected);
  }
}
