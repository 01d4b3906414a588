package geosearch.rpc;

import com.google.protobuf.Timestamp;
import com.google.rpc.Code;
import geosearch.atlas.Snapshot;
import geosearch.atlas.View;
import geosearch.geo.Area;
import geosearch.geo.Layer;
import geosearch.rpc.AwaitsStatesException.Wanted;
import geosearch.v1.AttributeFilter;
import geosearch.v1.AttributeSelection;
import io.grpc.StatusRuntimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which areas a call asks about, checked.
 *
 * @param snapshots where to look, in the order of answers
 * @param conditions what areas must pass
 * @param time at which areas must hold
 */
record Asked(List<Snapshot> snapshots, List<AttributeCondition> conditions, Instant time) {

  private static final int MOST_LAYERS = 100;
  private static final int MOST_FILTERS = 16;
  private static final int MOST_KEYS = 32;
  private static final int MOST_VERSIONS = 10;

  /** Whether all areas of a layer are asked about. */
  boolean isEveryArea(Snapshot snapshot) {
    return conditions.isEmpty() && !snapshot.index().isTimed();
  }

  /** Whether an area is asked about, at the time of the call or at another. */
  boolean isWanted(Area area, Instant moment) {
    if (!area.isAlways() && !area.holdsAt(moment)) {
      return false;
    }
    for (AttributeCondition condition : conditions) {
      if (!condition.passes(area.attributes())) {
        return false;
      }
    }
    return true;
  }

  /** Reads the filters of a request, or adds what is wrong with them. */
  static List<AttributeCondition> conditions(
      List<AttributeFilter> filters, String path, Violations violations) {
    if (filters.size() > MOST_FILTERS) {
      violations.add(
          path + "filters", "must be at most " + MOST_FILTERS + ", not " + filters.size());
      return List.of();
    }
    List<AttributeCondition> conditions = new ArrayList<>();
    for (int i = 0; i < filters.size(); i++) {
      conditions.add(
          AttributeCondition.of(filters.get(i), path + "filters[" + i + "]", violations));
    }
    return List.copyOf(conditions);
  }

  /** Checks the attributes that are to be sent. */
  static void checkSelection(AttributeSelection selection, String path, Violations violations) {
    if (selection.getKeysCount() > MOST_KEYS) {
      violations.add(
          path + "attributes.keys",
          "must be at most " + MOST_KEYS + ", not " + selection.getKeysCount());
    }
  }

  /** Reads a time, or adds what is wrong with it. */
  static Instant time(Timestamp time, String field, Violations violations) {
    return Moments.read(time, field, violations).orElse(Instant.EPOCH);
  }

  /** Checks how many layers and versions are named. */
  static void checkLayers(
      List<String> layers, Map<String, String> versions, String path, Violations violations) {
    if (layers.size() > MOST_LAYERS) {
      violations.add(path + "layers", "must be at most " + MOST_LAYERS + ", not " + layers.size());
    }
    if (versions.size() > MOST_VERSIONS) {
      violations.add(
          path + "dataset_versions",
          "must be at most " + MOST_VERSIONS + ", not " + versions.size());
    }
  }

  /**
   * The layers that are named, in the order of answers; all of them if none is.
   *
   * @param versions in which layers are to be, by name
   * @param times that are asked about
   * @throws io.grpc.StatusRuntimeException NOT_FOUND for a layer or a version that isn't there
   * @throws AwaitsStatesException for versions, and states of zones, that are not in the view
   */
  static List<Snapshot> snapshots(
      View view, List<String> layers, Map<String, String> versions, Times times) {
    for (String layer : layers) {
      layer(view, layer);
    }
    if (layers.isEmpty() && versions.isEmpty() && !times.arePast()) {
      return view.layers();
    }
    Set<String> named = new HashSet<>(layers);
    List<Wanted> wanted = new ArrayList<>();
    for (Map.Entry<String, String> version : versions.entrySet()) {
      Optional<Wanted> other = other(layer(view, version.getKey()), version.getValue());
      if (named.isEmpty() || named.contains(version.getKey())) {
        other.ifPresent(wanted::add);
      }
    }
    List<Snapshot> chosen =
        layers.isEmpty()
            ? view.layers()
            : view.layers().stream()
                .filter(snapshot -> named.contains(snapshot.layer().name()))
                .toList();
    if (times.arePast()) {
      chosen.forEach(snapshot -> past(view, snapshot, times).ifPresent(wanted::add));
    }
    if (!wanted.isEmpty()) {
      throw new AwaitsStatesException(wanted);
    }
    return chosen;
  }

  /** What is needed for answers about times; nothing if this is it. */
  private static Optional<Wanted> past(View view, Snapshot snapshot, Times times) {
    Snapshot served = view.served(snapshot);
    if (knows(snapshot, served, times.latest())) {
      return Optional.empty();
    }
    return Optional.of(
        new Wanted(
            "zones", snapshot.layer().name(), states -> states.past(served, times.latest())));
  }

  /**
   * Whether all that it takes to answer about a moment is here.
   *
   * @param view as it is now
   */
  boolean knows(View view, Instant moment) {
    return snapshots.stream()
        .allMatch(snapshot ->
            knows(snapshot, view.layer(snapshot.layer().name()).orElse(snapshot), moment));
  }

  private static boolean knows(Snapshot snapshot, Snapshot served, Instant moment) {
    return snapshot.layer().kind() != Layer.Kind.ZONES
        || served.revision() == 0
        || snapshot.knows(moment, served);
  }

  /** The refusal to answer about what is not kept any more; nothing if it is. */
  Optional<StatusRuntimeException> notKept(Instant moment) {
    for (Snapshot snapshot : snapshots) {
      if (snapshot.past().filter(past -> moment.isBefore(past.begin())).isPresent()) {
        return Optional.of(
            Details.of(
                Code.OUT_OF_RANGE,
                "OUT_OF_RANGE",
                "what zones of %s were like at %s is not kept any more (setting zones.keep-revisions)"
                    .formatted(Violations.quoted(snapshot.layer().name()), moment)));
      }
    }
    return Optional.empty();
  }

  /**
   * Refuses to answer about what is not kept any more.
   *
   * @throws io.grpc.StatusRuntimeException OUT_OF_RANGE
   */
  void checkKept(Instant moment) {
    notKept(moment)
        .ifPresent(refusal -> {
          throw refusal;
        });
  }

  /**
   * The layer of a name.
   *
   * @throws io.grpc.StatusRuntimeException NOT_FOUND if there is none
   */
  static Snapshot layer(View view, String name) {
    return view.layer(name)
        .orElseThrow(
            () -> Details.notFound("layer", name, "there is no layer " + Violations.quoted(name)));
  }

  /**
   * The layer of a name in a version.
   *
   * @param version empty for the one that is served
   * @throws io.grpc.StatusRuntimeException NOT_FOUND if there is none
   * @param times that are asked about
   * @throws AwaitsStatesException if it is not in the view
   */
  static Snapshot layer(View view, String name, String version, Times times) {
    Map<String, String> versions = version.isEmpty() ? Map.of() : Map.of(name, version);
    return snapshots(view, List.of(name), versions, times).getFirst();
  }

  /** What is needed for an answer from a version; nothing if this is it. */
  private static Optional<Wanted> other(Snapshot snapshot, String version) {
    String layer = snapshot.layer().name();
    if (snapshot.layer().version().equals(version)) {
      return Optional.empty();
    }
    if (!snapshot.layer().versions().contains(version)) {
      throw Details.notFound(
          "dataset",
          layer + "/" + version,
          "layer %s has the versions %s, not %s"
              .formatted(
                  Violations.quoted(layer),
                  snapshot.layer().versions(),
                  Violations.quoted(version)));
    }
    return Optional.of(
        new Wanted("dataset", layer + "/" + version, states -> states.version(layer, version)));
  }

  /** Refuses to wait for a change that can't have been. */
  static void checkGeneration(long generation, String path, Violations violations) {
    if (generation < 0) {
      violations.add(path + "min_generation", "must not be negative, but is " + generation);
    }
  }

  /**
   * Refuses to answer from what was before a change.
   *
   * @param generation the change's number; 0 for none
   * @throws AwaitsGenerationException if the change isn't known here yet
   */
  static void checkKnown(View view, long generation) {
    if (generation > 0 && !isKnown(view, generation)) {
      throw new AwaitsGenerationException(generation);
    }
  }

  /** Whether answers from a view hold a change of zones. */
  static boolean isKnown(View view, long generation) {
    for (Snapshot snapshot : view.layers()) {
      if (snapshot.revision() >= generation) {
        return true;
      }
    }
    return false;
  }

  /** The answer to a call that has waited for a change for as long as it may. */
  static StatusRuntimeException unknownGeneration() {
    return Details.unavailable(
        "this server doesn't know the change of min_generation yet; try again in a moment");
  }
}
