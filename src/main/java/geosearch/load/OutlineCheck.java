package geosearch.load;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.CoordinateXY;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.LinearRing;
import org.locationtech.jts.geom.Polygon;
import org.locationtech.jts.geom.util.GeometryFixer;
import org.locationtech.jts.geom.util.PolygonExtracter;
import org.locationtech.jts.operation.overlayng.OverlayNGRobust;
import org.locationtech.jts.operation.valid.IsValidOp;
import org.locationtech.jts.operation.valid.TopologyValidationError;

/**
 * Makes valid outlines of what a file has, by the rules of OGC Simple Features. Rings are closed,
 * and those without an extent dropped; crossed ones are taken apart by JTS's {@link GeometryFixer},
 * polygon by polygon, and joined. Safe for use by several threads.
 */
final class OutlineCheck {

  private static final int LEAST_POINTS = 4;

  private final GeometryFactory factory = new GeometryFactory();
  private final OutlineChange change = new OutlineChange(factory);
  private final boolean repair;

  /**
   * @param repair whether broken outlines are repaired; if not, their features can't be used
   */
  OutlineCheck(boolean repair) {
    this.repair = repair;
  }

  /** Checks the outline of a feature, and repairs it where that is needed and allowed. */
  Feature check(Feature.Candidate candidate) {
    Set<String> faults = new LinkedHashSet<>();
    Geometry outline = build(candidate.outline(), faults);
    try {
      return checked(candidate, outline, faults);
    } catch (RuntimeException e) {
      // JTS has no single exception for outlines that are too much for it.
      return unusable(candidate, faults, "could not be repaired");
    }
  }

  private Feature checked(Feature.Candidate candidate, Geometry outline, Set<String> faults) {
    if (OutlineCost.isTooDearToCheck(outline)) {
      return new Feature.Unusable(
          candidate.source(),
          candidate.number(),
          "its outline is too intricate to be checked in a reasonable time");
    }
    TopologyValidationError error = new IsValidOp(outline).getValidationError();
    if (error != null) {
      faults.add(describe(error));
    }
    if (faults.isEmpty()) {
      return new Feature.Usable(
          candidate.source(), candidate.number(), candidate.area(), outline, Optional.empty());
    }
    if (!repair) {
      return unusable(candidate, faults, "is not to be repaired");
    }
    if (outline.isEmpty()) {
      return unusable(candidate, faults, "leaves nothing when it is repaired");
    }
    if (error == null) {
      return repaired(candidate, outline, faults, 0);
    }
    return OutlineCost.isTooDearToRepair(outline)
        ? unusable(candidate, faults, "crosses itself too often to be repaired")
        : fix(candidate, outline, faults);
  }

  private Feature fix(Feature.Candidate candidate, Geometry outline, Set<String> faults) {
    List<Geometry> parts = new ArrayList<>();
    double changedKm2 = 0;
    for (int i = 0; i < outline.getNumGeometries(); i++) {
      Polygon broken = (Polygon) outline.getGeometryN(i);
      Geometry fixed = polygons(GeometryFixer.fix(broken));
      changedKm2 += change.km2(broken, fixed);
      parts.add(fixed);
    }
    Geometry whole = parts.size() == 1 ? parts.getFirst() : polygons(OverlayNGRobust.union(parts));
    if (whole.isEmpty()) {
      return unusable(candidate, faults, "leaves nothing when it is repaired");
    }
    if (!whole.isValid()) {
      return unusable(candidate, faults, "could not be repaired");
    }
    return repaired(candidate, whole, faults, changedKm2);
  }

  private static Feature repaired(
      Feature.Candidate candidate, Geometry outline, Set<String> faults, double changedKm2) {
    return new Feature.Usable(
        candidate.source(),
        candidate.number(),
        candidate.area(),
        outline,
        Optional.of(
            new ImportReport.Repair(
                candidate.source(),
                candidate.number(),
                candidate.area().id(),
                String.join(", ", faults),
                changedKm2)));
  }

  private static Feature unusable(Feature.Candidate candidate, Set<String> faults, String why) {
    return new Feature.Unusable(
        candidate.source(),
        candidate.number(),
        "its outline is broken (%s) and %s".formatted(String.join(", ", faults), why));
  }

  private static String describe(TopologyValidationError error) {
    String what = error.getMessage().toLowerCase(Locale.ROOT);
    Coordinate at = error.getCoordinate();
    return at == null
        ? what
        : String.format(Locale.ROOT, "%s near longitude %.6f, latitude %.6f", what, at.x, at.y);
  }

  /** The polygons among what an operation has left, as one polygon or multipolygon. */
  private Geometry polygons(Geometry geometry) {
    List<Polygon> polygons = new ArrayList<>();
    for (Object polygon : PolygonExtracter.getPolygons(geometry)) {
      if (!((Polygon) polygon).isEmpty()) {
        polygons.add((Polygon) polygon);
      }
    }
    return polygons.size() == 1
        ? polygons.getFirst()
        : factory.createMultiPolygon(polygons.toArray(Polygon[]::new));
  }

  private Geometry build(RawOutline raw, Set<String> faults) {
    List<Polygon> polygons = new ArrayList<>();
    int ring = 0;
    for (int end : raw.polygonEnds()) {
      Optional<LinearRing> shell = Optional.empty();
      List<LinearRing> holes = new ArrayList<>();
      for (int first = ring; ring < end; ring++) {
        Optional<LinearRing> built = ring(raw, ring, faults);
        if (ring == first) {
          shell = built;
        } else {
          built.ifPresent(holes::add);
        }
      }
      if (shell.isPresent()) {
        polygons.add(factory.createPolygon(shell.get(), holes.toArray(LinearRing[]::new)));
      } else {
        faults.add("a polygon without an extent");
      }
    }
    return polygons.size() == 1
        ? polygons.getFirst()
        : factory.createMultiPolygon(polygons.toArray(Polygon[]::new));
  }

  private Optional<LinearRing> ring(RawOutline raw, int ring, Set<String> faults) {
    double[] coordinates = raw.coordinates();
    int from = ring == 0 ? 0 : raw.ringEnds()[ring - 1];
    int points = raw.ringEnds()[ring] - from;
    int last = from + points - 1;
    boolean closed =
        points > 0
            && coordinates[2 * from] == coordinates[2 * last]
            && coordinates[2 * from + 1] == coordinates[2 * last + 1];
    if ((closed ? points : points + 1) < LEAST_POINTS) {
      faults.add("a ring of fewer than 4 points");
      return Optional.empty();
    }
    if (!closed) {
      faults.add("a ring that is not closed");
    }
    Coordinate[] line = new Coordinate[closed ? points : points + 1];
    for (int i = 0; i < points; i++) {
      line[i] = new CoordinateXY(coordinates[2 * (from + i)], coordinates[2 * (from + i) + 1]);
    }
    if (!closed) {
      line[points] = line[0].copy();
    }
    return Optional.of(factory.createLinearRing(line));
  }
}
