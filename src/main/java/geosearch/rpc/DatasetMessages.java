package geosearch.rpc;

import geosearch.admin.v1.BadFeature;
import geosearch.admin.v1.Dataset;
import geosearch.admin.v1.ImportOptions;
import geosearch.admin.v1.Repair;
import geosearch.admin.v1.Report;
import geosearch.load.ImportReport;
import geosearch.load.ImportRequest;

/** Converts what imports are asked and answered. */
final class DatasetMessages {

  private DatasetMessages() {}

  /**
   * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT for an option out of its bounds
   */
  static ImportRequest request(ImportOptions options) {
    try {
      return new ImportRequest(
          options.getLayer(),
          options.getIdProperty(),
          options.getNameProperty(),
          options.getAttributesList(),
          options.getAttribution(),
          options.getAccuracyMetres(),
          !options.getNoRepair(),
          options.getSkipBad(),
          options.getForce());
    } catch (IllegalArgumentException e) {
      throw Violations.of("options", String.valueOf(e.getMessage()));
    }
  }

  static Dataset dataset(geosearch.store.Dataset dataset) {
    return Dataset.newBuilder()
        .setLayer(dataset.layer())
        .setVersion(dataset.version())
        .setSource(dataset.source())
        .setImportTime(ZoneMessages.timestamp(dataset.importTime()))
        .setAreas(dataset.areas())
        .setVertices(dataset.vertices())
        .setRepaired(dataset.repaired())
        .setSkipped(dataset.skipped())
        .setChecksum(dataset.checksum())
        .setAttribution(dataset.attribution())
        .setAccuracyMetres(dataset.accuracyMetres())
        .setActive(dataset.active())
        .setKeep(dataset.keep())
        .build();
  }

  /** What an import found and did; the refusal is left to be set. */
  static Report.Builder report(ImportReport report) {
    Report.Builder message =
        Report.newBuilder()
            .setRepairCount(report.repairCount())
            .setBadFeatureCount(report.badFeatureCount());
    report.dataset().ifPresent(dataset -> message.setDataset(dataset(dataset)));
    for (ImportReport.Repair repair : report.repairs()) {
      message.addRepairs(
          Repair.newBuilder()
              .setSource(repair.source())
              .setFeatureNumber(repair.featureNumber())
              .setId(repair.id())
              .setReason(repair.reason())
              .setChangedKm2(repair.changedKm2()));
    }
    for (ImportReport.BadFeature bad : report.badFeatures()) {
      message.addBadFeatures(
          BadFeature.newBuilder()
              .setSource(bad.source())
              .setFeatureNumber(bad.featureNumber())
              .setReason(bad.reason()));
    }
    return message;
  }
}
