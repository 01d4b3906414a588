package geosearch.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.locationtech.jts.io.ParseException;
import org.locationtech.jts.io.WKTReader;

class SphericalAreaTest {

  /** Of the whole Earth, as the ellipsoid of WGS 84 has it, in square kilometres. */
  private static final double EARTH = 510_065_622;

  private static double km2(String outline) throws ParseException {
    return SphericalArea.km2(new WKTReader().read(outline));
  }

  @Test
  void km2_wholeEarth_isItsSurface() throws Exception {
    assertEquals(
        EARTH, km2("POLYGON ((-180 -90, 180 -90, 180 90, -180 90, -180 -90))"), EARTH * 1e-6);
  }

  @Test
  void km2_northernQuarter_isAnEighthOfTheEarth() throws Exception {
    assertEquals(EARTH / 8, km2("POLYGON ((0 0, 90 0, 90 90, 0 90, 0 0))"), EARTH * 1e-6);
  }

  @Test
  void km2_hole_isLeftOut() throws Exception {
    double shell = km2("POLYGON ((0 50, 10 50, 10 60, 0 60, 0 50))");
    double hole = km2("POLYGON ((4 54, 4 56, 6 56, 6 54, 4 54))");

    assertEquals(
        shell - hole,
        km2("POLYGON ((0 50, 10 50, 10 60, 0 60, 0 50), (4 54, 4 56, 6 56, 6 54, 4 54))"),
        1e-6);
  }

  @Test
  void km2_multiPolygon_isTheSum() throws Exception {
    assertEquals(
        km2("POLYGON ((0 0, 1 0, 1 1, 0 0))") + km2("POLYGON ((5 40, 6 40, 6 41, 5 40))"),
        km2("MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)), ((5 40, 6 40, 6 41, 5 40)))"),
        1e-9);
  }

  @Test
  void km2_tinySquareFarNorth_keepsItsDigits() throws Exception {
    double metre = 1 / 111_194.9;
    String square =
        "POLYGON ((10 60, 10 %1$s, %2$s %1$s, %2$s 60, 10 60))"
            .formatted(60 + metre, 10 + 2 * metre);

    assertEquals(1e-6, km2(square), 1e-9);
  }

  @Test
  void km2_emptyOutline_isZero() throws Exception {
    assertEquals(0, km2("MULTIPOLYGON EMPTY"));
    assertEquals(0, km2("POLYGON EMPTY"));
  }
}
