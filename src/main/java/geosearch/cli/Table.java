package geosearch.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A table for people: each column as wide as its widest text, numbers to the right. */
final class Table {

  private static final String GAP = "  ";

  private final List<List<Object>> rows = new ArrayList<>();

  Table(String... headings) {
    add((Object[]) headings);
  }

  Table add(Object... cells) {
    rows.add(
        Arrays.stream(cells)
            .map(cell -> cell instanceof Number ? cell : Text.printable(cell.toString()))
            .toList());
    return this;
  }

  void print(PrintStream out) {
    int[] widths = new int[rows.getFirst().size()];
    for (List<Object> row : rows) {
      for (int column = 0; column < widths.length; column++) {
        widths[column] = Math.max(widths[column], row.get(column).toString().length());
      }
    }
    for (List<Object> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < widths.length; column++) {
        String text = row.get(column).toString();
        String space = " ".repeat(widths[column] - text.length());
        line.append(row.get(column) instanceof Number ? space + text : text + space).append(GAP);
      }
      out.println(line.toString().stripTrailing());
    }
  }
}
