package geosearch.bench;

import java.util.List;

/**
 * Draws the rows of a report: those that have a peer as bars on a logarithmic scale, the others as
 * figures.
 */
final class Chart {
  private static final int WIDTH = 860;
  private static final int BARS_FROM = 320;
  private static final int BARS_WIDTH = 360;
  private static final int ROW_HEIGHT = 44;
  private static final int FIGURE_HEIGHT = 26;
  private static final int TOP = 64;

  private final String title;
  private final String machine;
  private final List<Report.Row> rows;

  Chart(String title, String machine, List<Report.Row> rows) {
    this.title = title;
    this.machine = machine;
    this.rows = rows;
  }

  String toSvg() {
    int height = TOP + rows.stream().mapToInt(Chart::height).sum() + 12;
    StringBuilder svg = new StringBuilder();
    svg.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="13">
        <rect width="100%%" height="100%%" fill="#fff"/>
        <text x="16" y="26" font-size="17" font-weight="bold">%s</text>
        <text x="16" y="46" font-size="11" fill="#666">%s; logarithmic, shorter is better</text>
        """
            .formatted(WIDTH, height, escaped(title), escaped(machine)));
    int top = TOP;
    for (Report.Row row : rows) {
      if (row.hasPeer()) {
        appendBars(svg, row, top);
      } else {
        appendFigure(svg, row, top);
      }
      top += height(row);
    }
    return svg.append("</svg>\n").toString();
  }

  private static int height(Report.Row row) {
    return row.hasPeer() ? ROW_HEIGHT : FIGURE_HEIGHT;
  }

  private static void appendFigure(StringBuilder svg, Report.Row row, int top) {
    appendName(svg, row, top + 12);
    svg.append(
        "<text x=\"%d\" y=\"%d\" font-size=\"11\">%s %s</text>%n"
            .formatted(
                BARS_FROM, top + 12, escaped(Report.number(row.value())), escaped(row.unit())));
  }

  private static void appendName(StringBuilder svg, Report.Row row, int baseline) {
    svg.append(
        "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>%n"
            .formatted(BARS_FROM - 10, baseline, escaped(row.what())));
  }

  private static void appendBars(StringBuilder svg, Report.Row row, int top) {
    double least = Math.min(row.value(), row.peerValue()) / 2;
    double most = Math.max(row.value(), row.peerValue());
    appendName(svg, row, top + 22);
    long ours = width(row.value(), least, most);
    long theirs = width(row.peerValue(), least, most);
    appendBar(svg, ours, label(row.value(), row.unit(), "geosearch"), "#1a7f5a", top);
    appendBar(svg, theirs, label(row.peerValue(), row.unit(), row.peer()), "#b8b8b8", top + 18);
  }

  private static long width(double value, double least, double most) {
    return Math.round(BARS_WIDTH * Math.log(value / least) / Math.log(most / least));
  }

  private static String label(double value, String unit, String whose) {
    return "%s %s, %s".formatted(Report.number(value), unit, whose);
  }

  private static void appendBar(
      StringBuilder svg, long width, String label, String colour, int top) {
    svg.append(
        "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"15\" fill=\"%s\"/>%n"
            .formatted(BARS_FROM, top, width, colour));
    svg.append(
        "<text x=\"%d\" y=\"%d\" font-size=\"11\">%s</text>%n"
            .formatted(BARS_FROM + width + 5, top + 12, escaped(label)));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;");
  }
}
