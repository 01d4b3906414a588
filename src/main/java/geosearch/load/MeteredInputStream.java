package geosearch.load;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/** Counts the bytes that are read through it, and takes their digest. */
final class MeteredInputStream extends FilterInputStream {

  private final MessageDigest digest;
  private long bytes;
  private boolean ended;

  MeteredInputStream(InputStream in, MessageDigest digest) {
    super(in);
    this.digest = digest;
  }

  /** How many bytes have been read. */
  long bytes() {
    return bytes;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int read = in.read(buffer, offset, length);
    if (read > 0) {
      bytes += read;
      digest.update(buffer, offset, read);
    }
    ended |= read < 0;
    return read;
  }

  @Override
  public long skip(long count) throws IOException {
    byte[] skipped = new byte[(int) Math.min(count, 8192)];
    return Math.max(0, read(skipped, 0, skipped.length));
  }

  /**
   * 1 until the end has been seen: {@link java.util.zip.GZIPInputStream} takes 0 for the end of a
   * file of several members, which a stream from a network answers at any time.
   */
  @Override
  public int available() {
    return ended ? 0 : 1;
  }

  @Override
  public boolean markSupported() {
    return false;
  }
}
