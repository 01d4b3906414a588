package geosearch.rpc;

import geosearch.atlas.Snapshot;
import geosearch.atlas.View;
import geosearch.config.SearchConfig;
import geosearch.geo.AreaIndex;
import geosearch.geo.Layer;
import geosearch.geo.Position;
import geosearch.metrics.Metrics;
import geosearch.metrics.Metrics.LookupRecorder;
import geosearch.store.Store;
import java.util.ArrayList;
import java.util.List;

/**
 * What the service Search makes of a view, worked out once for each view and not for each call.
 * Immutable.
 *
 * @param view of which it speaks
 * @param areas the layers that search looks at, in the order of the answers
 * @param things the layers that search_thing looks at: the zones, or none
 */
record SearchLayers(View view, List<Searched> areas, List<Searched> things) {

  /**
   * @param metrics where look-ups are recorded
   * @param descriptions what search says of areas
   * @param names what search_thing says of them
   */
  static SearchLayers of(
      View view,
      SearchConfig config,
      Metrics metrics,
      KeptMessages descriptions,
      KeptMessages names) {
    List<Searched> areas = new ArrayList<>();
    List<Searched> things = new ArrayList<>();
    for (Snapshot snapshot : view.layers()) {
      Layer layer = snapshot.layer();
      Reading reading = Reading.of(layer, config.axisOrder());
      LookupRecorder recorder = metrics.lookups(layer.name());
      if (isArea(layer, config)) {
        areas.add(new Searched(snapshot, reading, recorder, descriptions.of(snapshot)));
      }
      if (isThings(layer)) {
        things.add(new Searched(snapshot, reading, recorder, names.of(snapshot)));
      }
    }
    return new SearchLayers(view, List.copyOf(areas), List.copyOf(things));
  }

  /** How many things there are. */
  int thingCount() {
    return things.isEmpty() ? 0 : things.getFirst().index().size();
  }

  private static boolean isArea(Layer layer, SearchConfig config) {
    return config.layers().isEmpty()
        ? layer.kind() != Layer.Kind.ZONES
        : config.layers().contains(layer.name());
  }

  private static boolean isThings(Layer layer) {
    return layer.name().equals(Store.ZONE_LAYER);
  }

  /** How the fields lat and lng of a request are read. */
  enum Reading {
    /** As they are named. */
    LAT_LNG,
    /** As the original read them: the longitude in lat. */
    LNG_LAT;

    static Reading of(Layer layer, SearchConfig.AxisOrder order) {
      return switch (order) {
        case ORIGINAL -> layer.original() ? LNG_LAT : LAT_LNG;
        case LAT_LNG -> LAT_LNG;
        case LNG_LAT -> LNG_LAT;
      };
    }

    Reading other() {
      return this == LAT_LNG ? LNG_LAT : LAT_LNG;
    }

    float latitude(float lat, float lng) {
      return this == LAT_LNG ? lat : lng;
    }

    float longitude(float lat, float lng) {
      return this == LAT_LNG ? lng : lat;
    }

    /** Whether there is such a position. */
    boolean allows(float lat, float lng) {
      return Position.isLatitude(latitude(lat, lng)) && Position.isLongitude(longitude(lat, lng));
    }
  }

  /**
   * A layer, and how Search reads positions on it.
   *
   * @param responses what it says of each area
   */
  record Searched(
      Snapshot snapshot,
      Reading reading,
      LookupRecorder recorder,
      KeptMessages.OfSnapshot responses) {
    AreaIndex index() {
      return snapshot.index();
    }
  }
}
