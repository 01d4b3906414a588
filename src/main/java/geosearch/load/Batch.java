package geosearch.load;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Features that go together from the reader over the check to the writer.
 *
 * @param bytesRead how much of all files had been read after the last of them
 * @param memory what they hold of the memory under way, in kibibytes
 * @param end what is known at the end of the last file; null before
 */
record Batch(List<Feature> features, long bytesRead, int memory, @Nullable End end) {

  /**
   * The end of the last file.
   *
   * @param sources the files' names, for people
   * @param checksum SHA-256 over all bytes, in hexadecimal
   * @param nameSeen whether any feature has had the property with the name
   */
  record End(String sources, String checksum, boolean nameSeen) {}
}
