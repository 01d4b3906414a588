package geosearch.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import geosearch.geo.Area;
import geosearch.geo.AreaIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.util.AffineTransformation;
import org.locationtech.jts.util.GeometricShapeFactory;

class IndexFileTest {

  private static final String KEY = "1 7 2026-11-01T12:00:00Z abc";

  @TempDir Path folder;

  private final Random random = new Random(3);

  private Path path() {
    return folder.resolve("zone.index");
  }

  private IndexFile file() {
    return new IndexFile(folder, "zone");
  }

  /** Circles and boxes that overlap. */
  private AreaIndex index(int count) {
    AreaIndex.Builder builder = AreaIndex.builder().clearanceMetres(25);
    for (int i = 0; i < count; i++) {
      GeometricShapeFactory shapes = new GeometricShapeFactory(new GeometryFactory());
      shapes.setCentre(new Coordinate(random.nextDouble(-10, 10), random.nextDouble(-80, 80)));
      shapes.setSize(random.nextDouble(0.1, 5));
      shapes.setNumPoints(random.nextInt(4, 200));
      builder.add(
          new Area("id" + i, "Nîmes " + i, Map.of("k", "v" + i), random.nextInt(3)),
          AffineTransformation.scaleInstance(1, 0.9).transform(shapes.createCircle()));
    }
    return builder.build();
  }

  private List<String> answers(AreaIndex index) {
    List<String> answers = new ArrayList<>();
    Random positions = new Random(11);
    for (int i = 0; i < 20_000; i++) {
      int number = i;
      boolean clear =
          index.locate(
              positions.nextDouble(-80, 80),
              positions.nextDouble(-12, 12),
              (ordinal, border) ->
                  answers.add(number + " " + index.area(ordinal) + " " + ordinal + border));
      answers.add(String.valueOf(clear));
    }
    return answers;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 300})
  void read_afterWrite_answersTheSame(int areas) {
    AreaIndex written = index(areas);
    file().write(KEY, written);

    AreaIndex read = file().read(KEY, size -> true).orElseThrow();

    assertEquals(answers(written), answers(read));
    assertEquals(written.size(), read.size());
    assertEquals(written.bounds(), read.bounds());
    assertEquals(written.sizeInBytes(), read.sizeInBytes());
    assertEquals(written.clearanceMetres(), read.clearanceMetres());
    for (int i = 0; i < areas; i++) {
      assertTrue(written.outline(i).equalsExact(read.outline(i)));
    }
  }

  @Test
  void read_noFile_isNothing() {
    assertTrue(file().read(KEY, size -> true).isEmpty());
  }

  @Test
  void read_moreThanFits_isNothingAndKeepsTheFile() throws IOException {
    file().write(KEY, index(3));
    long size = Files.size(path());

    assertTrue(file().read(KEY, bytes -> bytes < size).isEmpty());
    assertEquals(3, file().read(KEY, bytes -> bytes <= size).orElseThrow().size());
  }

  @Test
  void read_anotherState_isNothing() {
    file().write(KEY, index(3));

    assertTrue(file().read(KEY + "d", size -> true).isEmpty());
  }

  @Test
  void read_fileCutAnywhere_isNothing() throws IOException {
    file().write(KEY, index(3));
    byte[] whole = Files.readAllBytes(path());

    for (int length = 0; length < whole.length; length += 1 + length / 10) {
      Files.write(path(), java.util.Arrays.copyOf(whole, length));
      assertTrue(file().read(KEY, size -> true).isEmpty(), "of " + length + " bytes");
    }
  }

  @Test
  void read_anyByteChanged_isNothing() throws IOException {
    file().write(KEY, index(2));
    byte[] whole = Files.readAllBytes(path());

    for (int i = 0; i < whole.length; i += 1 + random.nextInt(7)) {
      byte[] damaged = whole.clone();
      damaged[i] ^= (byte) (1 << random.nextInt(8));
      Files.write(path(), damaged);
      assertTrue(file().read(KEY, size -> true).isEmpty(), "byte " + i);
    }
  }

  @Test
  void write_sameState_leavesTheFile() throws IOException {
    file().write(KEY, index(3));
    Object first = Files.readAttributes(path(), "unix:ino").get("ino");

    file().write(KEY, index(4));
    assertEquals(first, Files.readAttributes(path(), "unix:ino").get("ino"));

    file().write("another", index(4));
    assertEquals(4, file().read("another", size -> true).orElseThrow().size());
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void write_file_belongsToItsOwnerAlone() throws IOException {
    file().write(KEY, index(1));

    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path())));
  }

  @Test
  void write_folderGone_isNoFailure() throws IOException {
    new IndexFile(folder.resolve("none"), "zone").write(KEY, index(1));

    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(0, files.count());
    }
  }

  @Test
  void tidy_filesOfLayersThatAreGone_areDeleted() throws IOException {
    file().write(KEY, index(1));
    new IndexFile(folder, "gone").write(KEY, index(1));
    Files.createFile(folder.resolve("zone.index.tmp"));

    IndexFile.tidy(folder, Set.of("zone"));

    assertTrue(Files.exists(path()));
    assertFalse(Files.exists(folder.resolve("gone.index")));
    assertFalse(Files.exists(folder.resolve("zone.index.tmp")));
  }
}
