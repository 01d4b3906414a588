package geosearch.load;

import geosearch.config.ImportConfig;
import geosearch.store.Dataset;
import geosearch.store.Store;
import geosearch.store.StoreException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The countries of the world, with which an empty store begins so that the first query answers
 * something. The README among the resources of {@code geosearch/sample} says where they come from
 * and how their ids are made.
 */
public final class SampleLayer {

  private static final Logger log = LoggerFactory.getLogger(SampleLayer.class);

  /** The layer's name. */
  public static final String NAME = "country";

  private static final String RESOURCE = "/geosearch/sample/countries.geojson.gz";

  /** Limits of its own: those in the settings are for files that somebody brings. */
  private static final ImportConfig CONFIG =
      new ImportConfig(1_000_000, 65_536, Duration.ofSeconds(30));

  private static final ImportRequest REQUEST =
      new ImportRequest(
          NAME,
          "id",
          "name",
          List.of("iso_n3"),
          "Made with Natural Earth",
          5000,
          false,
          false,
          false);

  private SampleLayer() {}

  /**
   * Imports the layer if the store has no layer but that of the zones.
   *
   * @return the new version, or nothing if there are layers or there is no space for it
   * @throws StoreException if the store fails, or can only be read
   */
  public static Optional<Dataset> importIfEmpty(Store store) {
    boolean empty =
        store.layers().stream().allMatch(state -> state.layer().name().equals(Store.ZONE_LAYER));
    if (!empty) {
      return Optional.empty();
    }
    try {
      return Optional.of(importInto(store));
    } catch (StoreException e) {
      if (e.kind() != StoreException.Kind.FULL) {
        throw e;
      }
      log.warn("Starting without the sample layer: {}", e.getMessage());
      return Optional.empty();
    }
  }

  private static Dataset importInto(Store store) {
    try {
      return new Importer(CONFIG)
          .run(REQUEST, List.of(new Countries()), store, (bytes, features) -> {})
          .dataset()
          .orElseThrow();
    } catch (ImportRefusedException e) {
      throw new IllegalStateException("the sample layer was refused: " + e.getMessage(), e);
    }
  }

  private static final class Countries implements ImportSource {
    @Override
    public String name() {
      return "sample: Natural Earth 4.1.0, countries 1:10m";
    }

    @Override
    public InputStream open() throws IOException {
      InputStream content = SampleLayer.class.getResourceAsStream(RESOURCE);
      if (content == null) {
        throw new FileNotFoundException("the resource " + RESOURCE + " is missing");
      }
      return content;
    }
  }
}
