package geosearch.cli;

import geosearch.v1.AttributeFilter;
import geosearch.v1.AttributeSelection;
import geosearch.v1.LocateOptions;
import geosearch.v1.Nearest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was asked for, as messages; apart, so that to list the options does not load them. */
final class QuestionMessages {

  private QuestionMessages() {}

  static LocateOptions locateOptions(QuestionOptions question, NearbyOptions nearby) {
    LocateOptions.Builder options =
        LocateOptions.newBuilder()
            .addAllLayers(question.layers())
            .addAllFilters(filters(question))
            .putAllDatasetVersions(question.datasets())
            .setMinGeneration(question.minGeneration())
            .setBorderDistance(nearby.distance());
    question.attributes().ifPresent(keys -> options.setAttributes(selection(keys)));
    question.asOf().ifPresent(time -> options.setAsOf(ZoneFeature.timestamp(time)));
    int limit = nearby.limit();
    nearby
        .nearest()
        .ifPresent(metres ->
            options.setNearest(Nearest.newBuilder().setWithinM(metres).setMaxAreas(limit)));
    nearby.accuracy().ifPresent(options::setAccuracyM);
    return options.build();
  }

  static List<AttributeFilter> filters(QuestionOptions question) {
    List<AttributeFilter> filters = new ArrayList<>(filters(question.filters(), false));
    filters.addAll(filters(question.filtersNot(), true));
    return filters;
  }

  static AttributeSelection selection(List<String> keys) {
    return AttributeSelection.newBuilder().addAllKeys(keys).build();
  }

  private static List<AttributeFilter> filters(List<String> texts, boolean negate) {
    Map<String, AttributeFilter.Builder> byKey = new LinkedHashMap<>();
    for (String text : texts) {
      int end = text.indexOf('=');
      String key = end < 0 ? text : text.substring(0, end);
      // With a value and without, a key is asked for in two ways, which are two filters.
      AttributeFilter.Builder filter =
          byKey.computeIfAbsent(
              end < 0 ? key : key + '=',
              k -> AttributeFilter.newBuilder().setKey(key).setNegate(negate));
      if (end >= 0) {
        filter.addValues(text.substring(end + 1));
      }
    }
    return byKey.values().stream().map(AttributeFilter.Builder::build).toList();
  }
}
