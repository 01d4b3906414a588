package geosearch.config;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Writes the file of all settings as a page of Markdown: a table for each section. */
final class SettingsTable {

  private static final Pattern KEY = Pattern.compile("( *)([a-z-]+):(?: (.*))?");

  private final StringBuilder page = new StringBuilder();
  private final List<String> comment = new ArrayList<>();
  private final List<String> path = new ArrayList<>();
  private boolean introduced;
  private boolean inTable;

  private SettingsTable() {}

  /**
   * @param yaml the file of all settings
   */
  static String of(String yaml) {
    SettingsTable table = new SettingsTable();
    table.page.append("# Settings\n");
    (yaml + "\n").lines().forEach(table::line);
    return table.page.toString();
  }

  private void line(String line) {
    Matcher key = KEY.matcher(line);
    if (line.isBlank()) {
      blank();
    } else if (line.strip().startsWith("#")) {
      comment.add(line.strip().substring(1));
    } else if (key.matches()) {
      key(key.group(1).length() / 2, key.group(2), key.group(3));
    } else {
      throw new IllegalArgumentException("not in the form that the file keeps: " + line);
    }
  }

  /** Until the first key, comments are about the whole file. */
  private void blank() {
    if (!introduced && !comment.isEmpty()) {
      paragraph();
    }
  }

  private void key(int depth, String key, String value) {
    introduced = true;
    path.subList(depth, path.size()).clear();
    path.add(key);
    if (value == null && isSection()) {
      heading();
    } else {
      if (depth == 0) {
        heading();
      }
      row(value);
    }
  }

  private boolean isSection() {
    String prefix = String.join(".", path) + ".";
    return new Overlay(ConfigLoader.defaults())
        .paths().stream().anyMatch(known -> known.startsWith(prefix));
  }

  private void heading() {
    page.append("\n## ").append(String.join(".", path)).append('\n');
    inTable = false;
    paragraph();
  }

  private void paragraph() {
    if (comment.isEmpty()) {
      return;
    }
    boolean code = false;
    page.append('\n');
    for (String text : comment) {
      if (text.startsWith("  ") != code) {
        page.append(code ? "```\n" : "```yaml\n");
        code = !code;
      }
      page.append(code ? text.substring(Math.min(3, text.length())) : text.strip()).append('\n');
    }
    page.append(code ? "```\n" : "");
    comment.clear();
  }

  private void row(String value) {
    if (!inTable) {
      page.append("\n| setting | default | environment variable | meaning |\n|---|---|---|---|\n");
      inTable = true;
    }
    String name = String.join(".", path);
    String meaning = String.join(" ", comment.stream().map(String::strip).toList());
    page.append(
        String.format(
            "| `%s` | %s | `%s` | %s |%n",
            name,
            value == null ? "" : "`" + value + "`",
            ConfigLoader.environmentName(name),
            meaning.replace("|", "\\|").replace("<", "&lt;")));
    comment.clear();
  }
}
