package geosearch.load;

import java.io.Writer;

/** Keeps the beginning of what is written to it. */
final class BoundedText extends Writer {

  private final StringBuilder text = new StringBuilder();
  private final int limit;
  private boolean exceeded;

  /**
   * @param limit how many characters are kept
   */
  BoundedText(int limit) {
    this.limit = limit;
  }

  @Override
  public void write(char[] chars, int offset, int length) {
    int kept = Math.min(length, limit - text.length());
    text.append(chars, offset, kept);
    exceeded |= kept < length;
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}

  /** Whether there was more than is kept. */
  boolean exceeded() {
    return exceeded;
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
