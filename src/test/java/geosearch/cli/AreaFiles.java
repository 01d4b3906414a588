package geosearch.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Files of areas to import. */
final class AreaFiles {

  /** A ring that crosses itself. */
  static final String BOW_TIE = "[[[0,0],[1,1],[1,0],[0,1],[0,0]]]";

  private static final String SQUARE = "[[[0,0],[1,0],[1,1],[0,1],[0,0]]]";

  private AreaFiles() {}

  /** A file of that many squares, whose ids count from 1. */
  static Path squares(Path file, int count) {
    return write(
        file,
        IntStream.rangeClosed(1, count)
            .mapToObj(i -> feature(String.valueOf(i), SQUARE))
            .toArray(String[]::new));
  }

  static String feature(String code, String coordinates) {
    return """
    {"type":"Feature","properties":{"code":"%s","nom":"Area %s","kind":"test"},\
    "geometry":{"type":"Polygon","coordinates":%s}}\
    """
        .formatted(code, code, coordinates);
  }

  static Path write(Path file, String... features) {
    try {
      return Files.writeString(file, collection(features));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String collection(String... features) {
    return Stream.of(features)
        .collect(
            Collectors.joining(
                ",\n", "{\"type\":\"FeatureCollection\",\"features\":[\n", "\n]}\n"));
  }
}
