package geosearch.cli;

import geosearch.v1.Area;
import geosearch.v1.AreaMatch;
import geosearch.v1.Certainty;
import geosearch.v1.LocateBatchResponse;
import geosearch.v1.PositionAnswer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The columns that answers add to a table: for each layer the ids and names of the areas that were
 * found, with semicolons between where there are several, what else was asked for, and at the end
 * what is wrong with a row.
 */
final class CsvAnswers {

  private static final String BETWEEN = ";";
  private static final String ERROR = "error";

  private final Map<String, Integer> layers = new LinkedHashMap<>();
  private final List<String> attributes;
  private final boolean matches;
  private final boolean distances;
  private final boolean certainties;
  private final int columnsPerLayer;
  private final List<String> header = new ArrayList<>();

  /**
   * @param layers their names, in the order of the columns
   * @param attributes those that get columns
   * @param accuracy whether rows say how far they may be off
   */
  CsvAnswers(
      List<String> layers,
      List<String> attributes,
      NearbyOptions nearby,
      boolean accuracy,
      String prefix) {
    this.attributes = attributes;
    this.certainties = accuracy || nearby.accuracy().isPresent();
    this.matches = certainties || nearby.findsOthers();
    this.distances = matches || nearby.distance();
    for (String layer : layers) {
      this.layers.put(layer, header.size());
      List<String> names = new ArrayList<>(List.of("id", "name"));
      names.addAll(attributes);
      names.addAll(matches ? List.of("match") : List.of());
      names.addAll(distances ? List.of("distance_m") : List.of());
      names.addAll(certainties ? List.of("certainty") : List.of());
      names.forEach(name -> header.add(prefix + layer + "_" + name));
    }
    this.columnsPerLayer = layers.isEmpty() ? 0 : header.size() / layers.size();
    header.add(prefix + ERROR);
  }

  /** The names of the columns. */
  List<String> header() {
    return header;
  }

  /** The cells of a row that was not answered. */
  List<String> error(String reason) {
    String[] cells = emptyCells();
    cells[cells.length - 1] = reason;
    return Arrays.asList(cells);
  }

  /** The cells of a row that was. */
  List<String> cells(LocateBatchResponse response, PositionAnswer answer) {
    String[] cells = emptyCells();
    int[] found = new int[header.size()];
    answer.getAreasList().forEach(match -> add(response, match, cells, found));
    answer.getPossibleAreasList().forEach(match -> add(response, match, cells, found));
    for (int i = 0; i < answer.getCertaintiesCount(); i++) {
      Integer first = layers.get(response.getLayers(i).getLayer());
      if (first != null) {
        cells[first + columnsPerLayer - 1] = certainty(answer.getCertainties(i));
      }
    }
    return Arrays.asList(cells);
  }

  private void add(LocateBatchResponse response, AreaMatch match, String[] cells, int[] found) {
    Area area = response.getAreas(match.getAreaIndex());
    Integer first = layers.get(area.getLayer());
    if (first == null) {
      // A layer that has come since the columns were written has none.
      return;
    }
    int column = first;
    boolean further = found[first]++ > 0;
    put(cells, column++, further, area.getId());
    put(cells, column++, further, area.getName());
    for (String attribute : attributes) {
      put(cells, column++, further, area.getAttributesOrDefault(attribute, ""));
    }
    if (matches) {
      put(cells, column++, further, LocateAnswer.match(match.getMatch()));
    }
    if (distances) {
      put(cells, column, further, match.hasDistanceM() ? metres(match.getDistanceM()) : "");
    }
  }

  /** To the millimetre. */
  private static String metres(double metres) {
    return String.format(Locale.ROOT, "%.3f", metres);
  }

  static String certainty(Certainty certainty) {
    return certainty == Certainty.CERTAINTY_CERTAIN ? "certain" : "ambiguous";
  }

  private static void put(String[] cells, int column, boolean further, String text) {
    cells[column] = further ? cells[column] + BETWEEN + text : text;
  }

  private String[] emptyCells() {
    String[] cells = new String[header.size()];
    Arrays.fill(cells, "");
    return cells;
  }
}
