package geosearch.rpc;

import com.google.common.collect.Comparators;
import geosearch.atlas.Directories;
import geosearch.atlas.Directory;
import geosearch.atlas.Snapshot;
import geosearch.atlas.SoughtName;
import geosearch.atlas.View;
import geosearch.geo.Area;
import geosearch.geo.Position;
import geosearch.v1.BoundingBox;
import geosearch.v1.FindAreasRequest;
import geosearch.v1.FindAreasResponse;
import geosearch.v1.FoundArea;
import geosearch.v1.NameMatch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Answers one search for areas by name, id, place and attributes. For use by one thread. */
final class AreaFinder {

  private static final int DEFAULT_PAGE = 100;
  private static final int LARGEST_PAGE = 1_000;
  private static final int LONGEST_NAME = 200;
  private static final int MOST_IDS = 1_000;

  /** The order of answers. */
  private static final Comparator<Found> ORDER =
      Comparator.comparingInt(Found::rank)
          .thenComparingInt(found -> found.name().length())
          .thenComparing(Found::name)
          .thenComparingInt(Found::layer)
          .thenComparing(Found::id);

  private final FindAreasRequest request;
  private final View view;
  private final Asked asked;
  private final Directories directories;
  private final Instant now;
  private final SoughtName sought;
  private final boolean byName;
  private final int pageSize;

  /**
   * @throws io.grpc.StatusRuntimeException if the request is refused
   */
  AreaFinder(FindAreasRequest request, View view, Directories directories, Instant now) {
    this.request = request;
    this.view = view;
    this.directories = directories;
    this.now = now;
    this.sought = SoughtName.of(request.getName());
    this.byName = !request.getName().isEmpty();
    this.pageSize =
        request.getPageSize() == 0 ? DEFAULT_PAGE : Math.min(request.getPageSize(), LARGEST_PAGE);
    this.asked = check(request, view, now);
  }

  /**
   * An area that was found.
   *
   * @param rank how well its name fits; 0 where none was looked for
   * @param name as it is sorted; empty where none was looked for
   * @param layer which of the layers that are looked at
   */
  private record Found(int rank, String name, int layer, String id, int ordinal) {}

  /** A page. */
  FindAreasResponse answer() {
    Found after = after();
    List<Found> found = found(false);
    if (byName && (found.isEmpty() || after.rank() == Directory.Fit.MISSPELT.rank())) {
      found = found(true);
    }
    // One more than the page has, to know whether there is another.
    List<Found> next =
        found.stream()
            .filter(one -> ORDER.compare(one, after) > 0)
            .collect(Comparators.least(pageSize + 1, ORDER));
    FindAreasResponse.Builder response = FindAreasResponse.newBuilder();
    asked.snapshots().forEach(s -> response.addLayers(AreaMessages.state(s, now)));
    for (Found one : next.subList(0, Math.min(pageSize, next.size()))) {
      response.addAreas(message(one));
    }
    if (next.size() > pageSize) {
      Found last = next.get(pageSize - 1);
      String layer = asked.snapshots().get(last.layer()).layer().name();
      response.setNextPageToken(
          new FindToken(last.rank(), last.name(), layer, last.id()).write(request));
    }
    return response.build();
  }

  private static Asked check(FindAreasRequest request, View view, Instant now) {
    Violations violations = new Violations();
    int length = request.getName().codePointCount(0, request.getName().length());
    if (length > LONGEST_NAME) {
      violations.add("name", "must have at most " + LONGEST_NAME + " characters, not " + length);
    }
    if (request.getIdsCount() > MOST_IDS) {
      violations.add("ids", "must be at most " + MOST_IDS + ", not " + request.getIdsCount());
    }
    if (request.getPageSize() < 0) {
      violations.add("page_size", "must not be negative, but is " + request.getPageSize());
    }
    if (request.hasBounds()) {
      check(request.getBounds(), violations);
    }
    Asked.checkLayers(request.getLayersList(), request.getDatasetVersionsMap(), "", violations);
    Asked.checkSelection(request.getAttributes(), "", violations);
    Asked.checkGeneration(request.getMinGeneration(), "", violations);
    List<AttributeCondition> conditions =
        Asked.conditions(request.getFiltersList(), "", violations);
    Instant time = request.hasAsOf() ? Asked.time(request.getAsOf(), "as_of", violations) : now;
    if (!violations.isEmpty()) {
      throw violations.refusal();
    }
    Asked.checkKnown(view, request.getMinGeneration());
    Asked asked =
        new Asked(
            Asked.snapshots(
                view,
                request.getLayersList(),
                request.getDatasetVersionsMap(),
                Times.of(time, now)),
            conditions,
            time);
    asked.checkKept(time);
    return asked;
  }

  private static void check(BoundingBox box, Violations violations) {
    Positions.checkLatitude(box.getSouth(), "bounds.south", violations);
    Positions.checkLatitude(box.getNorth(), "bounds.north", violations);
    Positions.checkLongitude(box.getWest(), "bounds.west", violations);
    Positions.checkLongitude(box.getEast(), "bounds.east", violations);
    if (Position.isLatitude(box.getSouth()) && box.getNorth() < box.getSouth()) {
      violations.add("bounds.north", "must not be south of bounds.south, but is " + box.getNorth());
    }
  }

  /** Behind which area the page begins; before all of them on the first page. */
  private Found after() {
    if (request.getPageToken().isEmpty()) {
      return new Found(-1, "", -1, "", -1);
    }
    FindToken token =
        FindToken.read(request.getPageToken(), request)
            .orElseThrow(() ->
                Violations.of(
                    "page_token",
                    "must be the next_page_token of an answer to the same request, not "
                        + Violations.quoted(request.getPageToken())));
    int layer = 0;
    while (layer < asked.snapshots().size()
        && !asked.snapshots().get(layer).layer().name().equals(token.layer())) {
      layer++;
    }
    return new Found(token.rank(), token.name(), layer, token.id(), -1);
  }

  private List<Found> found(boolean misspelt) {
    Set<String> ids = new HashSet<>(request.getIdsList());
    List<Found> found = new ArrayList<>();
    for (int layer = 0; layer < asked.snapshots().size(); layer++) {
      Snapshot snapshot = asked.snapshots().get(layer);
      Directory directory = directories.of(view, snapshot);
      BitSet candidates = candidates(directory, ids, misspelt);
      for (int o = candidates.nextSetBit(0); o >= 0; o = candidates.nextSetBit(o + 1)) {
        Area area = snapshot.index().area(o);
        if (fits(area, directory, o, ids)) {
          String name = byName ? directory.foldedName(o) : "";
          int rank = byName ? rank(directory, o, misspelt) : 0;
          found.add(new Found(rank, name, layer, area.id(), o));
        }
      }
    }
    return found;
  }

  private BitSet candidates(Directory directory, Set<String> ids, boolean misspelt) {
    if (byName) {
      return misspelt ? directory.misspelt(sought) : directory.named(sought);
    }
    BitSet candidates = new BitSet();
    if (ids.isEmpty()) {
      candidates.set(0, directory.index().size());
    } else {
      for (String id : ids) {
        for (int ordinal : directory.withId(id)) {
          candidates.set(ordinal);
        }
      }
    }
    return candidates;
  }

  private int rank(Directory directory, int ordinal, boolean misspelt) {
    return misspelt ? Directory.Fit.MISSPELT.rank() : directory.fit(ordinal, sought).rank();
  }

  private boolean fits(Area area, Directory directory, int ordinal, Set<String> ids) {
    return (ids.isEmpty() || ids.contains(area.id()))
        && (!request.hasBounds() || meets(directory, ordinal, request.getBounds()))
        && asked.isWanted(area, asked.time());
  }

  /** A box that holds the meridian of 180 degrees is two. */
  private static boolean meets(Directory directory, int ordinal, BoundingBox box) {
    if (box.getWest() <= box.getEast()) {
      return directory.meets(ordinal, box.getWest(), box.getSouth(), box.getEast(), box.getNorth());
    }
    return directory.meets(ordinal, box.getWest(), box.getSouth(), 180, box.getNorth())
        || directory.meets(ordinal, -180, box.getSouth(), box.getEast(), box.getNorth());
  }

  private FoundArea message(Found found) {
    Snapshot snapshot = asked.snapshots().get(found.layer());
    FoundArea.Builder message =
        FoundArea.newBuilder()
            .setArea(
                AreaMessages.area(
                    snapshot, found.ordinal(), !request.hasAttributes(), request.getAttributes()))
            .setBounds(AreaMessages.box(snapshot.index().bounds(found.ordinal())));
    if (byName) {
      message.setNameMatch(
          switch (Directory.Fit.of(found.rank())) {
            case EXACT -> NameMatch.NAME_MATCH_EXACT;
            case PREFIX -> NameMatch.NAME_MATCH_PREFIX;
            case WORDS -> NameMatch.NAME_MATCH_WORDS;
            case MISSPELT -> NameMatch.NAME_MATCH_MISSPELT;
          });
    }
    return message.build();
  }
}
