package geosearch.load;

import geosearch.config.ImportConfig;

/**
 * How much one feature may hold, and all that is under way together, so that the heap need not grow
 * with the file.
 *
 * @param maxVertices of one feature
 * @param tooManyVertices what to say to a feature that has more
 * @param maxAttributeBytes of one feature
 * @param memoryUnderWay kibibytes that features between the reader and the writer may take
 */
record ImportLimits(
    int maxVertices, String tooManyVertices, int maxAttributeBytes, int memoryUnderWay) {

  /**
   * Bytes. Measured: checking an outline whose every edge turns back takes JTS some 200 for each
   * vertex, and repairing it some 300.
   */
  private static final int PER_VERTEX = 320;

  private static final int PER_FEATURE = 1024;

  /** The limits under some settings in a heap of this size (bytes). */
  static ImportLimits of(ImportConfig config, long heap) {
    long roomFor = heap * 6 / 10 / PER_VERTEX;
    String tooMany =
        roomFor < config.maxVertices()
            ? "it has more than %d vertices, for which a heap of %d MiB has no room (raise -Xmx)"
                .formatted(roomFor, heap >> 20)
            : "it has more than %d vertices (setting import.max-vertices)"
                .formatted(config.maxVertices());
    return new ImportLimits(
        (int) Math.min(config.maxVertices(), roomFor),
        tooMany,
        config.maxAttributeBytes(),
        Math.clamp(heap / 4 / 1024, 1, Integer.MAX_VALUE));
  }

  /** Roughly how many bytes a feature takes on its way. */
  static long memory(Feature feature) {
    if (!(feature instanceof Feature.Candidate candidate)) {
      return PER_FEATURE;
    }
    long text = 0;
    for (var attribute : candidate.area().attributes().entrySet()) {
      text += attribute.getKey().length() + attribute.getValue().length();
    }
    return PER_FEATURE + 2 * text + (long) PER_VERTEX * candidate.outline().vertices();
  }
}
