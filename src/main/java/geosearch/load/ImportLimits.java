package geosearch.load;

import geosearch.config.ImportConfig;
import java.util.Locale;

/**
 * How much one feature may hold, and all that is under way together, so that the heap need not grow
 * with the file.
 *
 * @param maxVertices of one feature
 * @param vertexLimit that number and where it comes from, for people
 * @param maxAttributeBytes of one feature
 * @param memoryUnderWay kibibytes that features between the reader and the writer may take
 */
record ImportLimits(
    int maxVertices, String vertexLimit, int maxAttributeBytes, int memoryUnderWay) {

  /**
   * Bytes. Measured: checking an outline whose every edge turns back takes JTS some 200 for each
   * vertex, and repairing it some 300.
   */
  private static final int PER_VERTEX = 320;

  private static final int PER_FEATURE = 1024;

  /** The limits under some settings in a heap of this size (bytes). */
  static ImportLimits of(ImportConfig config, long heap) {
    long roomFor = heap * 6 / 10 / PER_VERTEX;
    int maxVertices = (int) Math.min(config.maxVertices(), roomFor);
    String source =
        maxVertices < config.maxVertices()
            ? "what a heap of %d MiB has room for; raise -Xmx".formatted(heap >> 20)
            : "import.max-vertices";
    return new ImportLimits(
        maxVertices,
        String.format(Locale.ROOT, "%,d (%s)", maxVertices, source),
        config.maxAttributeBytes(),
        Math.clamp(heap / 4 / 1024, 1, Integer.MAX_VALUE));
  }

  /** Says why a feature of so many vertices is refused. */
  String tooManyVertices(long vertices) {
    return String.format(Locale.ROOT, "it has %,d vertices, limit is %s", vertices, vertexLimit);
  }

  /** Says why a feature is refused that has more rings, most of them empty, than vertices. */
  String tooManyRings() {
    return "it has more rings than it may have vertices, limit is " + vertexLimit;
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
