package geosearch.geo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;

/** When areas hold. */
final class ValidityTest {

  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final Geometry SQUARE =
      new GeometryFactory().toGeometry(new Envelope(new Coordinate(0, 0), new Coordinate(1, 1)));

  @Test
  void holdsAt_startAndEnd_includesTheStartAlone() {
    Validity hour = validity(NOON, NOON.plusSeconds(3600));

    assertFalse(hour.holdsAt(NOON.minusNanos(1)));
    assertTrue(hour.holdsAt(NOON));
    assertTrue(hour.holdsAt(NOON.plusSeconds(3600).minusNanos(1)));
    assertFalse(hour.holdsAt(NOON.plusSeconds(3600)));
  }

  @Test
  void holdsAt_openSides_holdsForEver() {
    assertTrue(Validity.ALWAYS.holdsAt(Instant.MIN));
    assertTrue(Validity.ALWAYS.holdsAt(Instant.MAX));
    assertTrue(new Validity(Optional.of(NOON), Optional.empty()).holdsAt(Instant.MAX));
    assertTrue(new Validity(Optional.empty(), Optional.of(NOON)).holdsAt(Instant.MIN));
  }

  @Test
  void new_endNotAfterStart_isRefused() {
    assertThrows(IllegalArgumentException.class, () -> validity(NOON, NOON));
    assertThrows(IllegalArgumentException.class, () -> validity(NOON, NOON.minusNanos(1)));
  }

  @Test
  void nextChange_ofAnIndex_isTheFirstStartOrEndAfterTheMoment() {
    AreaIndex index =
        AreaIndex.builder()
            .add(area("always", Validity.ALWAYS), SQUARE)
            .add(area("hour", validity(NOON, NOON.plusSeconds(3600))), SQUARE)
            .add(area("minute", validity(NOON.plusSeconds(60), NOON.plusSeconds(120))), SQUARE)
            .build();

    assertTrue(index.isTimed());
    assertEquals(Optional.of(NOON), index.nextChange(NOON.minusSeconds(1)));
    assertEquals(Optional.of(NOON.plusSeconds(60)), index.nextChange(NOON));
    assertEquals(Optional.of(NOON.plusSeconds(3600)), index.nextChange(NOON.plusSeconds(120)));
    assertEquals(Optional.empty(), index.nextChange(NOON.plusSeconds(3600)));
  }

  @Test
  void nextChange_afterChangesOfAnIndex_isThatOfTheAreasThatAreThere() {
    AreaIndex before =
        AreaIndex.builder()
            .add(area("a", validity(NOON, NOON.plusSeconds(60))), SQUARE)
            .add(area("b", Validity.ALWAYS), SQUARE)
            .build();

    AreaIndex after =
        before.with(
            AreaIndex.builder()
                .add(area("b", validity(NOON.plusSeconds(1), NOON.plusSeconds(2))), SQUARE),
            Set.of("a"));

    assertEquals(Optional.of(NOON.plusSeconds(1)), after.nextChange(NOON.minusSeconds(1)));
    assertEquals(
        Optional.of(NOON.plusSeconds(1)), after.compacted().nextChange(NOON.minusSeconds(1)));
    assertFalse(AreaIndex.empty().isTimed());
  }

  private static Area area(String id, Validity validity) {
    return new Area(id, "", Map.of(), 0, validity);
  }

  private static Validity validity(Instant start, Instant end) {
    return new Validity(Optional.of(start), Optional.of(end));
  }
}
