package geosearch.traffic;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;

/**
 * Looks at a compressed block of headers (HPACK, RFC 7541) without decoding it: one that adds
 * nothing to the decoder's table may be left out without the decoder noticing.
 */
final class HeaderBlock {

  private static final int INDEXED = 0x80;
  private static final int ADDED_TO_THE_TABLE = 0x40;
  private static final int TABLE_SIZE = 0x20;
  private static final int INDEX_BITS = 4;
  private static final int LENGTH_BITS = 7;

  /** Longer numbers do not occur in blocks of the size that is taken. */
  private static final int MOST_SHIFT = 21;

  private final ByteBuf in;
  private final int end;
  private int at;
  private boolean broken;

  private HeaderBlock(ByteBuf in, int start, int end) {
    this.in = in;
    this.at = start;
    this.end = end;
  }

  /**
   * Returns whether a block is well-formed and leaves the decoder's table as it is.
   *
   * @param start of the block in the buffer
   * @param end of the block, exclusive
   */
  static boolean leavesTableAlone(ByteBuf in, int start, int end) {
    return new HeaderBlock(in, start, end).leavesTableAlone();
  }

  private boolean leavesTableAlone() {
    while (at < end) {
      int first = in.getByte(at) & 0xff;
      if ((first & INDEXED) != 0) {
        number(LENGTH_BITS);
      } else if ((first & (ADDED_TO_THE_TABLE | TABLE_SIZE)) != 0) {
        return false;
      } else {
        if (number(INDEX_BITS) == 0) {
          skipText();
        }
        skipText();
      }
      if (broken || at > end) {
        return false;
      }
    }
    return true;
  }

  private void skipText() {
    int length = number(LENGTH_BITS);
    at += length;
  }

  /** Reads a number that begins in the lowest bits of a byte. */
  private int number(int bits) {
    if (at >= end) {
      broken = true;
      return 0;
    }
    int most = (1 << bits) - 1;
    int value = in.getByte(at++) & most;
    if (value < most) {
      return value;
    }
    for (int shift = 0; shift <= MOST_SHIFT && at < end; shift += 7) {
      int next = in.getByte(at++) & 0xff;
      value += (next & 0x7f) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    broken = true;
    return 0;
  }
}
