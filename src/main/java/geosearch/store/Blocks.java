package geosearch.store;

import geosearch.store.StoreException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Iterator;

/**
 * The areas of one version of a layer as the embedded file keeps them: one run of bytes, cut into
 * blocks. So an outline may have any size, an import needs the memory of one block, and a layer is
 * dropped without being read.
 */
final class Blocks {

  static final int SIZE = 256 * 1024;

  private Blocks() {}

  /** Stages what is written, a block at a time. */
  static final class Output extends OutputStream {
    private final EmbeddedFile file;
    private final long content;
    private final byte[] block = new byte[SIZE];
    private int filled;
    private long number;
    private boolean broken;

    Output(EmbeddedFile file, long content) {
      this.file = file;
      this.content = content;
    }

    @Override
    public void write(int value) {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      int from = offset;
      int end = offset + length;
      while (from < end) {
        int taken = Math.min(end - from, SIZE - filled);
        System.arraycopy(bytes, from, block, filled, taken);
        from += taken;
        filled += taken;
        if (filled == SIZE) {
          flush();
        }
      }
    }

    /** Stages what there is. Once that has failed, it goes on failing: a block would be missing. */
    @Override
    public void flush() {
      if (broken) {
        throw new StoreException(
            Kind.UNAVAILABLE, "the import can't go on, as the store failed in the middle of it");
      }
      if (filled > 0) {
        broken = true;
        byte[] bytes = Arrays.copyOf(block, filled);
        file.stage(tables -> tables.content(content).put(number, bytes));
        broken = false;
        number++;
        filled = 0;
      }
    }
  }

  /** Gives the bytes of blocks, one block after another. */
  static final class Input extends InputStream {
    private final Iterator<byte[]> blocks;
    private byte[] block = new byte[0];
    private int position;

    Input(Iterator<byte[]> blocks) {
      this.blocks = blocks;
    }

    @Override
    public int read() throws IOException {
      return atEnd() ? -1 : block[position++] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (atEnd()) {
        return -1;
      }
      int taken = Math.min(length, block.length - position);
      System.arraycopy(block, position, bytes, offset, taken);
      position += taken;
      return taken;
    }

    private boolean atEnd() {
      while (position == block.length && blocks.hasNext()) {
        block = blocks.next();
        position = 0;
      }
      return position == block.length;
    }
  }
}
