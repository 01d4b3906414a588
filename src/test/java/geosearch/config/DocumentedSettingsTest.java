package geosearch.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The file of all settings says what the records say. */
class DocumentedSettingsTest {

  @Test
  void paths_ofTheFile_areTheComponentsOfTheRecordsInTheirOrder() {
    List<String> components = new ArrayList<>();
    collect("", Config.class, components);

    List<String> documented =
        Settings.none().load().settings().stream().map(Setting::path).toList();

    assertEquals(components, documented);
    assertEquals(components, List.copyOf(new Overlay(ConfigLoader.defaults()).paths()));
  }

  private static void collect(String prefix, Class<?> type, List<String> paths) {
    for (RecordComponent component : type.getRecordComponents()) {
      String path = prefix + key(component.getName());
      if (component.getType().isRecord() && component.getType() != Secret.class) {
        collect(path + ".", component.getType(), paths);
      } else {
        paths.add(path);
      }
    }
  }

  private static String key(String component) {
    return component.equals("imports")
        ? "import"
        : component.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }
}
