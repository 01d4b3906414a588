package geosearch.cli;

import geosearch.admin.v1.ImportOptions;
import geosearch.admin.v1.Report;
import geosearch.load.ImportReport;
import geosearch.load.ImportRequest;
import geosearch.store.Dataset;
import java.time.Instant;
import java.util.Optional;

/** Converts the messages of the administration. */
final class AdministrationMessages {

  private AdministrationMessages() {}

  static ImportOptions options(ImportRequest request) {
    return ImportOptions.newBuilder()
        .setLayer(request.layer())
        .setIdProperty(request.idProperty())
        .setNameProperty(request.nameProperty())
        .addAllAttributes(request.attributes())
        .setAttribution(request.attribution())
        .setAccuracyMetres(request.accuracyMetres())
        .setNoRepair(!request.repair())
        .setSkipBad(request.skipBad())
        .setForce(request.force())
        .build();
  }

  static ImportReport report(Report report) {
    return new ImportReport(
        report.hasDataset() ? Optional.of(dataset(report.getDataset())) : Optional.empty(),
        report.getRepairsList().stream()
            .map(repair ->
                new ImportReport.Repair(
                    repair.getSource(),
                    repair.getFeatureNumber(),
                    repair.getId(),
                    repair.getReason(),
                    repair.getChangedKm2()))
            .toList(),
        report.getBadFeaturesList().stream()
            .map(bad ->
                new ImportReport.BadFeature(
                    bad.getSource(), bad.getFeatureNumber(), bad.getReason()))
            .toList(),
        report.getRepairCount(),
        report.getBadFeatureCount());
  }

  static Dataset dataset(geosearch.admin.v1.Dataset dataset) {
    return new Dataset(
        dataset.getLayer(),
        dataset.getVersion(),
        dataset.getSource(),
        Instant.ofEpochSecond(
            dataset.getImportTime().getSeconds(), dataset.getImportTime().getNanos()),
        dataset.getAreas(),
        dataset.getVertices(),
        dataset.getRepaired(),
        dataset.getSkipped(),
        dataset.getChecksum(),
        dataset.getAttribution(),
        dataset.getAccuracyMetres(),
        dataset.getActive(),
        dataset.getKeep());
  }
}
