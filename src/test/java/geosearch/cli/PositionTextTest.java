package geosearch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import geosearch.geo.Position;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PositionTextTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-33.9 18.4",
        "-33.9,18.4",
        " -33.9 ,\t+18.4 ",
        "-33.9\t18.4",
        "-3.39e1, 184e-1",
        "-33.90 18.400"
      })
  void parse_position_isRead(String text) {
    assertEquals(new Position(-33.9, 18.4), PositionText.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1",
        "1 2 3",
        "1,2,3",
        "48,85 2,35",
        "a b",
        "1;2",
        "NaN 1",
        "Infinity 1",
        "1f 2",
        "1,,2",
        "0x10 2",
        "1 -",
        "- 1"
      })
  void parse_noPosition_isRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> PositionText.parse(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"91 0", "-90.0000001 0", "0 181", "1e400 0"})
  void parse_outOfRange_isRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> PositionText.parse(text));
  }

  @Test
  void parse_longText_isNotRepeatedWhole() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> PositionText.parse("x".repeat(100_000)));

    assertTrue(e.getMessage().length() < 300);
  }

  @ParameterizedTest
  @ValueSource(strings = {"48.8566 2.3522", "-0.00000001 180.0", "1E-7 -0.1"})
  void format_position_isReadBackTheSame(String text) {
    Position position = PositionText.parse(text);

    assertEquals(position, PositionText.parse(PositionText.format(position)));
  }
}
