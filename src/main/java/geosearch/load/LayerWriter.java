package geosearch.load;

import geosearch.store.Dataset;
import geosearch.store.DatasetWriter;
import geosearch.store.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes what an import brings into the store, unless a feature that can't be used has ended it:
 * then it only collects what else is wrong. The transaction begins with the first area, so that
 * none waits for a slow file to begin.
 */
final class LayerWriter implements AutoCloseable {

  private static final int MAX_BEGINS = 200;

  private final ImportRequest request;
  private final Store store;
  private final Findings findings = new Findings();
  private final List<String> begins = new ArrayList<>();
  private @Nullable DatasetWriter writer;
  private long features;

  LayerWriter(ImportRequest request, Store store) {
    this.request = request;
    this.store = store;
  }

  /** Why the store refuses; of several files, which features that counts through are whose. */
  String explained(String refusal) {
    return begins.size() > 1 && refusal.contains("features")
        ? refusal + "; features are counted through: " + String.join(", ", begins)
        : refusal;
  }

  /** How many features have been dealt with. */
  long features() {
    return features;
  }

  /** What was found so far, of an import that does not come to its end. */
  ImportReport report() {
    return findings.report(Optional.empty());
  }

  /**
   * @throws ImportRefusedException once there are as many bad features as are listed
   */
  void add(Feature feature) throws ImportRefusedException {
    features++;
    if (feature.number() == 1 && begins.size() < MAX_BEGINS) {
      begins.add("%s begins at %d".formatted(feature.source(), features));
    }
    switch (feature) {
      case Feature.Usable usable -> {
        findings.add(usable);
        if (!isDoomed()) {
          writer().add(features, usable.area(), usable.outline());
        }
      }
      case Feature.Unusable unusable -> {
        findings.add(unusable);
        if (isDoomed() && findings.badFeatureCount() >= ImportReport.LISTED) {
          throw refused(
              "the first %d features that can't be used are listed, and nothing was imported"
                      .formatted(ImportReport.LISTED)
                  + " (--skip-bad leaves them out); "
                  + findings.firstBad());
        }
      }
      case Feature.Candidate candidate ->
          throw new IllegalArgumentException("not checked: feature " + candidate.number());
    }
  }

  /**
   * Commits.
   *
   * @throws ImportRefusedException if what was read can't become a version of the layer
   */
  ImportReport finish(Batch.End end) throws ImportRefusedException {
    if (findings.usableCount() == 0) {
      throw refused(
          findings.badFeatureCount() == 0
              ? "there is no feature in " + end.sources()
              : "there is no polygon that can be used among %d features of %s; %s"
                  .formatted(features, end.sources(), findings.firstBad()));
    }
    if (isDoomed()) {
      throw refused(
          "%d of %d features can't be used, and nothing was imported (--skip-bad leaves them out); %s"
              .formatted(findings.badFeatureCount(), features, findings.firstBad()));
    }
    if (!request.nameProperty().isEmpty() && !end.nameSeen()) {
      throw refused(
          "no feature has the property %s, which was to be the name"
              .formatted(Quoted.of(request.nameProperty())));
    }
    Dataset dataset =
        writer()
            .commit(
                new DatasetWriter.Provenance(
                    end.sources(),
                    end.checksum(),
                    findings.repairCount(),
                    findings.badFeatureCount(),
                    request.attribution(),
                    request.accuracyMetres()),
                request.force());
    return findings.report(Optional.of(dataset));
  }

  /** Gives up what was not committed. */
  @Override
  public void close() {
    if (writer != null) {
      writer.close();
    }
  }

  private boolean isDoomed() {
    return !request.skipBad() && findings.badFeatureCount() > 0;
  }

  private DatasetWriter writer() {
    if (writer == null) {
      writer = store.datasets().begin(request.layer());
    }
    return writer;
  }

  private ImportRefusedException refused(String message) {
    return new ImportRefusedException(message, report());
  }
}
