package geosearch.load;

import geosearch.store.Store;
import java.util.regex.Pattern;

/** What a layer that is imported may be called. */
public final class LayerName {

  private static final Pattern ALLOWED = Pattern.compile("[a-z][a-z0-9_-]{0,62}");

  private LayerName() {}

  /**
   * Checks a name: 1 to 63 characters of a-z 0-9 _ -, beginning with a letter, and not that of the
   * zones' layer.
   *
   * @return the name
   * @throws IllegalArgumentException if it isn't one; the message says why
   */
  public static String check(String name) {
    if (name.equals(Store.ZONE_LAYER)) {
      throw new IllegalArgumentException(
          "the layer '%s' holds the zones and can't be imported; choose another name"
              .formatted(name));
    }
    if (!ALLOWED.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "a layer's name has 1 to 63 characters of a-z 0-9 _ - and begins with a letter, not '%s'"
              .formatted(name));
    }
    return name;
  }
}
