package geosearch.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigLoaderTest {

  @TempDir private Path folder;

  @Test
  void load_everyKindOfSource_strongestWinsAndIsNamed() {
    Path file = folder.resolve("my.yaml");
    Settings settings =
        Settings.of("server.port=4")
            .file(file, "server:\n  port: 2\n  address: 10.0.0.2\n\nstop:\n  grace: 2s\n")
            .environment("GEOSEARCH_SERVER_PORT", "3")
            .environment("GEOSEARCH_SERVER_ADDRESS", "10.0.0.3");

    assertEquals(4, settings.config().server().port());
    assertEquals(
        new Setting("server.port", "4", Origin.flag("--set")), settings.setting("server.port"));
    assertEquals(
        new Setting("server.address", "10.0.0.3", Origin.environment("GEOSEARCH_SERVER_ADDRESS")),
        settings.setting("server.address"));
    assertEquals(
        new Setting("stop.grace", "2s", Origin.file(file, 6)), settings.setting("stop.grace"));
    assertEquals(
        new Setting("server.reflection", "true", Origin.BUILT_IN),
        settings.setting("server.reflection"));
  }

  @Test
  void load_fileNamedByVariable_isRead() throws IOException {
    Path file = Files.writeString(folder.resolve("my.yaml"), "server:\n  port: 2\n");

    Settings settings = Settings.none().environment("GEOSEARCH_CONFIG", file.toString());

    assertEquals(2, settings.config().server().port());
  }

  @Test
  void load_emptyFileAndEmptySections_givesDefaults() {
    assertEquals(Settings.none().load(), Settings.none().file(folder.resolve("a.yaml"), "").load());
    assertEquals(
        Settings.none().load(),
        Settings.none().file(folder.resolve("b.yaml"), "# nothing\nserver:\nstore:\n").load());
  }

  @Test
  void load_fileWithByteOrderMark_isRead() {
    Settings settings =
        Settings.none().file(folder.resolve("a.yaml"), "\uFEFFserver:\n  port: 2\n");

    assertEquals(2, settings.config().server().port());
  }

  @Test
  void load_severalMistakes_reportsAllTogether() {
    List<String> problems =
        Settings.of("server.port=70000", "stop.grace=soon")
            .file(folder.resolve("a.yaml"), "srever:\n  port: 1\nzones:\n  max-zones: 0\n")
            .environment("GEOSEARCH_LOG_LEVLE", "debug")
            .problems();

    assertEquals(5, problems.size(), problems.toString());
  }

  @Test
  void load_unknownKeyInFile_namesFileLineKeyAndNearest() {
    Path file = folder.resolve("a.yaml");

    assertEquals(
        List.of(file + ":3: there is no setting server.prot; did you mean server.port?"),
        Settings.none().file(file, "server:\n  address: 0.0.0.0\n  prot: 1\n").problems());
    assertEquals(
        List.of(file + ":1: there is no setting sever; did you mean server?"),
        Settings.none().file(file, "sever:\n  port: 1\n").problems());
    assertEquals(
        List.of(file + ":1: there is no setting port; did you mean server.port?"),
        Settings.none().file(file, "port: 1\n").problems());
  }

  @Test
  void load_sectionWithAValue_saysThatItIsASection() {
    Path file = folder.resolve("a.yaml");

    assertEquals(
        List.of(file + ":1: server is a section: its settings go below it, indented"),
        Settings.none().file(file, "server: 1\n").problems());
  }

  @Test
  void load_keyTwice_namesBothLines() {
    Path file = folder.resolve("a.yaml");

    assertEquals(
        List.of(file + ":3: server.port is there twice; the other one is in line 2"),
        Settings.none().file(file, "server:\n  port: 1\n  port: 2\n").problems());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "server:\\n\\tport: 1 | :2: this is not YAML: a tab is not allowed here; indent with spaces",
        "server: [1\\nstop: 2 | :2: this is not YAML: ",
        "server:\\n  port: 1\\n prot: 2 | :3: this is not YAML: ",
        "a | :1: settings must look like `server:`",
        "server:\\n  address: \\7 | :2: this is not YAML: the control character U+0007",
        "a: 1\\n---\\nb: 2 | :2: this is not YAML: ",
        "*x | :1: this is not YAML: ",
        "[a, b]: 1 | :1: a setting's name must be a word",
      })
  void load_fileThatIsNoSettings_saysWhatAndInWhichLine(String escaped, String expected) {
    Path file = folder.resolve("a.yaml");

    List<String> problems = Settings.none().file(file, escaped.translateEscapes()).problems();

    assertTrue(problems.getFirst().startsWith(file + expected), problems.toString());
  }

  @Test
  void load_brokenFileWithASecret_doesNotQuoteIt() {
    String text = "store:\n  postgis:\n    password: \"hunter2\n";

    List<String> problems = Settings.none().file(folder.resolve("a.yaml"), text).problems();

    assertFalse(problems.toString().contains("hunter2"), problems.toString());
  }

  @Test
  void load_fileThatCannotBeRead_saysSo() throws IOException {
    Path missing = folder.resolve("missing.yaml");
    Path binary = Files.write(folder.resolve("binary.yaml"), new byte[] {'a', (byte) 0xE9, ':'});

    assertEquals(
        List.of(missing + ": there is no such file"), Settings.none().file(missing).problems());
    assertEquals(
        List.of(binary + ": the file must be UTF-8 text"), Settings.none().file(binary).problems());
    assertTrue(
        Settings.none().file(folder).problems().getFirst().contains("the file can't be read"));
  }

  @Test
  void load_hugeFile_isRefused() {
    String text = "# " + "x".repeat(4_000_000) + "\nserver:\n  port: 1\n";

    List<String> problems = Settings.none().file(folder.resolve("a.yaml"), text).problems();

    assertTrue(problems.getFirst().endsWith("this is not YAML: it is too large"));
  }

  @ParameterizedTest
  @CsvSource({
    "GEOSEARCH_SERVER_PROT, GEOSEARCH_SERVER_PORT",
    "GEOSEARCH_LOGLEVEL, GEOSEARCH_LOG_LEVEL",
    "GEOSEARCH_PORT, GEOSEARCH_SERVER_PORT",
    "GEOSEARCH_server_port, GEOSEARCH_SERVER_PORT",
    "GEOSEARCH_POSTGIS_PASSWORD, GEOSEARCH_STORE_POSTGIS_PASSWORD",
  })
  void load_unknownVariable_namesTheNearest(String name, String nearest) {
    assertEquals(
        List.of(
            "environment variable "
                + name
                + ": there is no such setting; did you mean "
                + nearest
                + "?"),
        Settings.none().environment(name, "1").problems());
  }

  @ParameterizedTest
  @CsvSource({
    "GEOSEARCH_SERVICE_HOST, 10.96.0.12",
    "GEOSEARCH_SERVICE_PORT, 50051",
    "GEOSEARCH_SERVICE_PORT_GRPC, 50051",
    "GEOSEARCH_PORT, tcp://10.96.0.12:50051",
    "GEOSEARCH_PORT, udp://10.96.0.12:8125",
    "GEOSEARCH_PORT_50051_TCP, tcp://10.96.0.12:50051",
    "GEOSEARCH_PORT_50051_TCP_PROTO, tcp",
    "GEOSEARCH_PORT_50051_TCP_PORT, 50051",
    "GEOSEARCH_PORT_50051_TCP_ADDR, 10.96.0.12",
    "GEOSEARCH_POSTGIS_SERVICE_HOST, 10.96.0.13",
    "GEOSEARCH_POSTGIS_PORT, tcp://10.96.0.13:5432",
    "GEOSEARCH_POSTGIS_PORT_5432_TCP_ADDR, 10.96.0.13",
    "GEOSEARCH_SERVER_SERVICE_PORT, 80",
    "GEOSEARCH_SERVER_PORT, tcp://10.0.0.1:80",
    "GEOSEARCH_CONSUL_PORT, tcp://10.0.0.1:8500",
    "GEOSEARCH_STATSD_PORT_8125_UDP_PORT, 8125",
    "GEOSEARCH_JAVA_HOME, /opt/jdk",
    "GEOSEARCH_JAVA_OPTS, -Xmx1g",
    "XGEOSEARCH_NO, 1",
  })
  void load_variableThatIsNoSetting_changesNothing(String name, String value) {
    assertEquals(Settings.none().load(), Settings.none().environment(name, value).load());
  }

  @Test
  void load_unknownFlag_namesTheNearest() {
    assertEquals(
        List.of("flag --set: there is no setting server.prot; did you mean server.port?"),
        Settings.of("server.prot=1").problems());
  }

  @Test
  void load_listsAndMapsAsText_areRead() {
    Config config =
        Settings.of("search.layers=commune, region", "consul.meta={zone: a, rack: '7'}")
            .environment("GEOSEARCH_CONSUL_TAGS", "[blue, green]")
            .environment(
                "GEOSEARCH_LAYERS",
                "[{name: commune}, {name: parcel, table: p, id: i, attributes: [a, b]}]")
            .config();

    assertEquals(List.of("commune", "region"), config.search().layers());
    assertEquals(Map.of("zone", "a", "rack", "7"), config.consul().meta());
    assertEquals(List.of("blue", "green"), config.consul().tags());
    assertEquals(List.of("a", "b"), config.layers().get(1).attributes());
  }

  @Test
  void load_emptyTextForAList_emptiesIt() {
    Config config =
        Settings.of("consul.tags=", "consul.meta=")
            .file(folder.resolve("a.yaml"), "consul:\n  tags: [a]\n  meta: {b: c}\n")
            .config();

    assertEquals(List.of(), config.consul().tags());
    assertEquals(Map.of(), config.consul().meta());
  }

  @Test
  void load_mapThatIsNotYaml_saysSo() {
    List<String> problems = Settings.of("consul.meta={a").problems();

    assertTrue(
        problems.getFirst().startsWith("flag --set: consul.meta must be YAML such as"),
        problems.toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "server.port=abc | server.port must be a whole number, not abc (flag --set)",
        "server.port= | server.port must be a whole number, not empty (flag --set)",
        "server.reflection=yes | server.reflection must be true or false, not yes (flag --set)",
        "server.max-message-size=4MB"
            + " | server.max-message-size must be a size such as 100, 64KiB or 4MiB, not 4MB (flag"
            + " --set)",
        "stop.grace=10 | stop.grace must be a duration such as 500ms, 5s, 10m or 1h, not 10 (flag"
            + " --set)",
        "log.level=INFO | log.level must be one of error, warn, info, debug, trace, not INFO (flag"
            + " --set)",
        "consul.meta=a | consul.meta must be a map of texts such as {a: b}, not a (flag --set)",
        "consul.tags=[[a]] | consul.tags must be a list of texts such as [a, b], not a list (flag"
            + " --set)",
      })
  void load_wrongType_saysSettingFormAndValue(String assignment, String expected) {
    assertEquals(List.of(expected), Settings.of(assignment).problems());
  }

  @Test
  void load_wrongTypeInFile_namesTheLine() {
    Path file = folder.resolve("a.yaml");

    assertEquals(
        List.of("server.port must be a whole number, not a list (" + file + ":2)"),
        Settings.none().file(file, "server:\n  port: [1]\n").problems());
  }

  @Test
  void load_secretAsFlag_isRefusedWithAdviceAndWithoutTheSecret() {
    assertEquals(
        List.of(
            "consul.token can't be a flag, which other users of this machine can see: give it as"
                + " environment variable GEOSEARCH_CONSUL_TOKEN, or in a file (flag --set)"),
        Settings.of("consul.token=hunter2").problems());
  }

  @Test
  void load_secret_isMasked() {
    Settings settings = Settings.none().environment("GEOSEARCH_STORE_POSTGIS_PASSWORD", "hunter2");

    assertEquals("hunter2", settings.config().store().postgis().password().value());
    assertFalse(settings.load().toString().contains("hunter2"), settings.load().toString());
    assertEquals("********", settings.setting("store.postgis.password").value());
    assertEquals("", settings.setting("consul.token").value());
  }

  @Test
  void load_passwordThatLooksLikeANumber_isKeptAsText() {
    Settings settings =
        Settings.none().file(folder.resolve("a.yaml"), "store:\n  postgis:\n    password: 007\n");

    assertEquals("007", settings.config().store().postgis().password().value());
  }

  @Test
  void load_noFolderNamed_takesTheUsersDataFolder() {
    assertEquals(
        Path.of(Settings.HOME, ".local/share/geosearch"),
        Settings.none().config().store().folder());
    assertEquals(
        Path.of("/data/geosearch"),
        Settings.none().environment("XDG_DATA_HOME", "/data").config().store().folder());
    assertEquals(
        Path.of(Settings.HOME, ".local/share/geosearch"),
        Settings.none().environment("XDG_DATA_HOME", "relative").config().store().folder());
    assertEquals(
        "/home/somebody/.local/share/geosearch", Settings.none().setting("store.folder").value());
  }

  @Test
  void load_noHomeAtAll_isAnErrorOnlyWhereTheFolderIsNeeded() {
    assertEquals(
        List.of(
            "store.folder must be named where neither XDG_DATA_HOME nor HOME tells where data goes"
                + " (default)"),
        Settings.none().noHome().problems());
    assertTrue(Settings.of("store.postgis.host=db").noHome().config().store().usesPostgis());
    assertEquals(
        Path.of("/data"), Settings.of("store.folder=/data").noHome().config().store().folder());
  }

  @ParameterizedTest
  @ValueSource(strings = {"server", "store.postgis", "layers[0]"})
  void load_sectionAsFlag_isUnknown(String path) {
    assertEquals(1, Settings.of(path + "=1").problems().size());
  }

  @Test
  void environmentName_path_isInCapitalsWithUnderscores() {
    assertEquals(
        "GEOSEARCH_STORE_POSTGIS_PASSWORD_FILE",
        ConfigLoader.environmentName("store.postgis.password-file"));
  }

  @Test
  void load_noFile_asksForNone() {
    assertEquals(
        Settings.none().config(),
        new ConfigLoader(Map.of("HOME", Settings.HOME)).load(Optional.empty(), List.of()).config());
  }
}
