package geosearch.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SearchConfigTest {

  @Test
  void defaults_areThoseOfTheFile() {
    assertEquals(
        new SearchConfig(SearchConfig.AxisOrder.ORIGINAL, List.of(), 1000),
        Settings.none().config().search());
  }

  @Test
  void everySetting_given_isTaken() {
    Config config =
        Settings.of("search.axis-order=lng-lat", "search.layers=commune", "search.max-results=10")
            .config();

    assertEquals(
        new SearchConfig(SearchConfig.AxisOrder.LNG_LAT, List.of("commune"), 10), config.search());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "search.axis-order=LAT_LNG | search.axis-order must be one of original, lng-lat, lat-lng, not LAT_LNG",
        "search.max-results=0 | search.max-results must be from 1 to 100000, not 0"
      })
  void setting_outOfBounds_saysBoundAndValue(String assignment, String expected) {
    assertEquals(List.of(expected + " (flag --set)"), Settings.of(assignment).problems());
  }
}
