package geosearch.rpc;

import geosearch.v1.LocateOptions;
import java.util.List;

/** The areas of the layers that a call asks about, without their outlines, as it wants them. */
final class AreaParts {

  private final List<AnsweredLayer> layers;
  private final LocateOptions options;

  /**
   * @param layers that are asked about
   * @param options say which attributes to send
   */
  AreaParts(List<AnsweredLayer> layers, LocateOptions options) {
    this.layers = layers;
    this.options = options;
  }

  /**
   * An area as a message of {@link geosearch.v1.Area}, not to be written to.
   *
   * @param layer which of the layers that are asked about
   */
  byte[] bytes(int layer, int ordinal) {
    AnsweredLayer asked = layers.get(layer);
    return options.hasAttributes()
        ? AreaMessages.area(asked.snapshot(), ordinal, false, options.getAttributes()).toByteArray()
        : asked.areas().bytes(ordinal);
  }

  /**
   * Reads the beginning of an area, for it to be near when it is wanted; what it answers says
   * nothing.
   */
  int fetch(int layer, int ordinal) {
    return options.hasAttributes() ? 0 : layers.get(layer).areas().fetch(ordinal);
  }
}
