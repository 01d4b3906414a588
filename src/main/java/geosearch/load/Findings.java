package geosearch.load;

import geosearch.store.Dataset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What an import has found so far: everything is counted, and the first of each kind are kept. */
final class Findings {

  private final List<ImportReport.Repair> repairs = new ArrayList<>();
  private final List<ImportReport.BadFeature> badFeatures = new ArrayList<>();
  private long repairCount;
  private long badFeatureCount;
  private long usableCount;

  void add(Feature.Usable feature) {
    usableCount++;
    feature
        .repair()
        .ifPresent(repair -> {
          repairCount++;
          if (repairs.size() < ImportReport.LISTED) {
            repairs.add(repair);
          }
        });
  }

  void add(Feature.Unusable feature) {
    badFeatureCount++;
    if (badFeatures.size() < ImportReport.LISTED) {
      badFeatures.add(
          new ImportReport.BadFeature(feature.source(), feature.number(), feature.reason()));
    }
  }

  long repairCount() {
    return repairCount;
  }

  long badFeatureCount() {
    return badFeatureCount;
  }

  long usableCount() {
    return usableCount;
  }

  /** The first bad feature with its place and reason, for a message. */
  String firstBad() {
    ImportReport.BadFeature first = badFeatures.getFirst();
    return "feature %d of %s: %s".formatted(first.featureNumber(), first.source(), first.reason());
  }

  ImportReport report(Optional<Dataset> dataset) {
    return new ImportReport(dataset, repairs, badFeatures, repairCount, badFeatureCount);
  }
}
