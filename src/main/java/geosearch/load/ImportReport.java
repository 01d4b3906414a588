package geosearch.load;

import geosearch.store.Dataset;
import java.util.List;
import java.util.Optional;

/**
 * What an import found and did.
 *
 * @param dataset the new version; nothing if the import was refused
 * @param repairs the first hundred outlines that were repaired
 * @param badFeatures the first hundred features that can't be used
 * @param repairCount how many were repaired
 * @param badFeatureCount how many can't be used
 */
public record ImportReport(
    Optional<Dataset> dataset,
    List<Repair> repairs,
    List<BadFeature> badFeatures,
    long repairCount,
    long badFeatureCount) {

  /** How many findings of a kind a report lists. */
  public static final int LISTED = 100;

  public ImportReport {
    repairs = List.copyOf(repairs);
    badFeatures = List.copyOf(badFeatures);
  }

  /**
   * An outline that was repaired.
   *
   * @param source the file that it is in
   * @param featureNumber its place in that file, from 1
   * @param id of the area
   * @param reason what was wrong
   * @param changedKm2 square kilometres that changed from inside to outside or the other way round
   */
  public record Repair(
      String source, long featureNumber, String id, String reason, double changedKm2) {}

  /**
   * A feature that can't be used.
   *
   * @param source the file that it is in
   * @param featureNumber its place in that file, from 1
   * @param reason why, for people
   */
  public record BadFeature(String source, long featureNumber, String reason) {}
}
