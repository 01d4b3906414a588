package geosearch.load;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.ZipException;

/** Reads files one after another, and hands their features on in batches. */
final class BatchReader {

  /** Enough that handing over does not cost, few enough that every thread has work. */
  private static final int MAX_FEATURES = 64;

  private static final long MAX_BYTES = 1 << 20;
  private static final int SHOWN_SOURCES = 5;

  private final ImportRequest request;
  private final ImportLimits limits;
  private final Destination destination;
  private final MessageDigest digest = sha256();
  private final List<String> names = new ArrayList<>();
  private List<Feature> features = new ArrayList<>();
  private long batchBytes;
  private long bytesBefore;
  private long sources;
  private boolean nameSeen;

  /** Takes batches; may wait until there is room for another. */
  interface Destination {
    void take(Batch batch) throws InterruptedException;
  }

  BatchReader(ImportRequest request, ImportLimits limits, Destination destination) {
    this.request = request;
    this.limits = limits;
    this.destination = destination;
  }

  /**
   * Reads all files; the last batch tells of the end.
   *
   * @throws FileRefusedException if one can't be used or read; the message begins with its name
   */
  void read(Iterable<ImportSource> files) throws FileRefusedException, InterruptedException {
    for (ImportSource file : files) {
      sources++;
      if (names.size() < SHOWN_SOURCES) {
        names.add(file.name());
      }
      read(file);
    }
    if (sources == 0) {
      throw new FileRefusedException("no file was named");
    }
    String checksum = HexFormat.of().formatHex(digest.digest());
    destination.take(
        new Batch(features, bytesBefore, kibibytes(), new Batch.End(names(), checksum, nameSeen)));
  }

  private void read(ImportSource file) throws FileRefusedException, InterruptedException {
    long bytes = 0;
    try (InputStream content = file.open()) {
      MeteredInputStream metered = new MeteredInputStream(content, digest);
      try (FeatureReader reader =
          new FeatureReader(file.name(), new FileText(metered), request, limits)) {
        Optional<Feature> feature = reader.next();
        while (feature.isPresent()) {
          add(feature.get(), bytesBefore + metered.bytes());
          feature = reader.next();
        }
        nameSeen |= reader.nameSeen();
      } finally {
        bytes = metered.bytes();
      }
    } catch (FileRefusedException e) {
      throw new FileRefusedException(file.name() + ": " + e.reason(), e);
    } catch (EOFException e) {
      throw new FileRefusedException(
          String.format(Locale.ROOT, "%s: it is cut off after byte %,d", file.name(), bytes), e);
    } catch (ZipException e) {
      throw new FileRefusedException(
          "%s: what is packed in it is damaged (%s)".formatted(file.name(), e.getMessage()), e);
    } catch (IOException e) {
      String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      throw new FileRefusedException(
          String.format(
              Locale.ROOT, "%s: can't be read (after byte %,d): %s", file.name(), bytes, message),
          e);
    }
    bytesBefore += bytes;
  }

  private void add(Feature feature, long bytesRead) throws InterruptedException {
    features.add(feature);
    batchBytes += ImportLimits.memory(feature);
    if (features.size() >= MAX_FEATURES || batchBytes >= MAX_BYTES) {
      destination.take(new Batch(features, bytesRead, kibibytes(), null));
      features = new ArrayList<>();
      batchBytes = 0;
    }
  }

  private int kibibytes() {
    return Math.clamp(batchBytes / 1024, 1, limits.memoryUnderWay());
  }

  private String names() {
    String shown = String.join(", ", names);
    return sources > names.size()
        ? shown + " and %d more".formatted(sources - names.size())
        : shown;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }
}
