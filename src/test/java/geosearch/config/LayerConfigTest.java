package geosearch.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LayerConfigTest {

  @TempDir private Path folder;

  @Test
  void defaults_noLayers() {
    assertEquals(List.of(), Settings.none().config().layers());
    assertEquals("[]", Settings.none().setting("layers").value());
  }

  @Test
  void layer_nameAlone_hasNoTable() {
    assertEquals(
        List.of(new LayerConfig("commune", "", "", "", "", List.of(), "", 0)),
        Settings.of("layers=[{name: commune}]").config().layers());
  }

  @Test
  void layer_everySettingGiven_isTaken() {
    Path file = folder.resolve("a.yaml");
    Settings settings =
        Settings.none()
            .file(
                file,
                """
                layers:
                  - name: commune
                  - name: parcel
                    table: cadastre.parcel
                    id: parcel_no
                    label: owner_name
                    geometry: geom
                    attributes: [kind, year]
                    attribution: Cadastre
                    accuracy-metres: 2.5
                """);

    assertEquals(
        new LayerConfig(
            "parcel",
            "cadastre.parcel",
            "parcel_no",
            "owner_name",
            "geom",
            List.of("kind", "year"),
            "Cadastre",
            2.5),
        settings.config().layers().get(1));
    assertEquals(
        new Setting("layers.parcel.table", "cadastre.parcel", Origin.file(file, 4)),
        settings.setting("layers.parcel.table"));
    assertEquals(
        List.of("layers.commune.name"),
        settings.load().settings().stream()
            .map(Setting::path)
            .filter(path -> path.startsWith("layers.commune"))
            .toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "commune | layers must be a list of layers such as [{name: commune}]",
        "[[]] | layers must be a list of layers such as [{name: commune}]",
        "[{table: t, id: i}]"
            + " | layers..name must be 1 to 63 of a-z, 0-9, _ and -, beginning with a letter, not"
            + " empty",
        "[{name: A}]"
            + " | layers.A.name must be 1 to 63 of a-z, 0-9, _ and -, beginning with a letter, not"
            + " A",
        "[{name: a}, {name: a}] | layers.a is there twice",
        "[{name: a, table: t}] | layers.a.id must name the column of t that holds the id",
        "[{name: a, id: i}] | layers.a.id needs the table that it is a column of",
        "[{name: a, tabel: t}] | a layer has no setting tabel; did you mean table?",
        "[{name: a, name: b}] | a layer's name is there twice",
        "[{name: a, accuracy-metres: -1}]"
            + " | layers.a.accuracy-metres must be from 0 to 100000, not -1.0",
        "[{name: a, accuracy-metres: NaN}]"
            + " | layers.a.accuracy-metres must be from 0 to 100000, not NaN",
        "[{name: a, accuracy-metres: big}]"
            + " | layers.a.accuracy-metres must be a number, not big",
      })
  void layer_wrong_saysWhat(String layers, String expected) {
    assertEquals(List.of(expected + " (flag --set)"), Settings.of("layers=" + layers).problems());
  }

  @Test
  void layer_wrongInFile_namesTheLine() {
    Path file = folder.resolve("a.yaml");

    assertEquals(
        List.of(
            "a layer has no setting tabel; did you mean table? (" + file + ":4)",
            "layers.b.id must name the column of t that holds the id (" + file + ":5)"),
        Settings.none()
            .file(
                file,
                """
                layers:
                  - name: a

                    tabel: t
                  - name: b
                    table: t
                """)
            .problems());
  }
}
