package geosearch.store;

import java.time.Instant;

/**
 * One imported version of a layer.
 *
 * @param layer the layer
 * @param version counts up from 1 within the layer and is never used again
 * @param source the files or addresses that it came from, for people
 * @param importTime when it was committed
 * @param areas how many areas it has
 * @param vertices how many vertices their outlines have together
 * @param repaired how many outlines had to be repaired
 * @param skipped how many features of the file could not be used
 * @param checksum SHA-256 of the files as they were read, packed where they are packed, one after
 *     another, in hexadecimal
 * @param attribution whom to credit; may be empty
 * @param accuracyMetres how far the outlines may be off, in metres; 0 where nobody said
 * @param active whether it is the version that is served
 * @param keep whether it is kept although newer versions come
 */
public record Dataset(
    String layer,
    long version,
    String source,
    Instant importTime,
    long areas,
    long vertices,
    long repaired,
    long skipped,
    String checksum,
    String attribution,
    double accuracyMetres,
    boolean active,
    boolean keep) {}
