package geosearch.rpc;

import com.google.protobuf.ByteString;
import geosearch.load.ImportSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * The files of one call, between the thread that receives them and the one that imports them. It
 * holds no more than was asked for: for each part that is taken out, one more is.
 *
 * <p>One thread puts parts in; another iterates, and reads each file before it asks for the next.
 */
final class UploadedFiles implements Iterator<ImportSource> {

  /** How many parts are under way at once, so that neither side waits for each single one. */
  static final int AHEAD = 4;

  private final BlockingQueue<Part> parts = new LinkedBlockingQueue<>();
  private final Runnable askForOne;
  private @Nullable Part current;

  /** What comes in, in order. */
  private sealed interface Part {
    record Name(String name) implements Part {}

    record Content(ByteString bytes) implements Part {}

    record End() implements Part {}

    record Broken(String reason) implements Part {}
  }

  /**
   * @param askForOne asks the caller for one more part
   */
  UploadedFiles(Runnable askForOne) {
    this.askForOne = askForOne;
  }

  void putName(String name) {
    parts.add(new Part.Name(name));
  }

  void putContent(ByteString bytes) {
    parts.add(new Part.Content(bytes));
  }

  void putEnd() {
    parts.add(new Part.End());
  }

  /** From here on nothing can be read, for a reason that is told to the reader. */
  void putBroken(String reason) {
    parts.add(new Part.Broken(reason));
  }

  @Override
  public boolean hasNext() {
    try {
      while (peek() instanceof Part.Content) {
        take();
      }
      return !(peek() instanceof Part.End);
    } catch (InterruptedIOException e) {
      // The next to read will be told so.
      return true;
    }
  }

  @Override
  public ImportSource next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    String name = current instanceof Part.Name(String given) ? given : "";
    return new ImportSource() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public InputStream open() throws IOException {
        if (peek() instanceof Part.Broken(String reason)) {
          throw new IOException(reason);
        }
        take();
        return new Content();
      }
    };
  }

  private Part peek() throws InterruptedIOException {
    if (current == null) {
      try {
        current = parts.take();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("the import was interrupted");
      }
    }
    return current;
  }

  private void take() {
    current = null;
    askForOne.run();
  }

  /** Reads up to the next name, or the end. */
  private final class Content extends InputStream {
    private ByteString bytes = ByteString.EMPTY;
    private int position;

    @Override
    public int read() throws IOException {
      return fill() ? bytes.byteAt(position++) & 255 : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (!fill()) {
        return -1;
      }
      int count = Math.min(length, bytes.size() - position);
      bytes.substring(position, position + count).copyTo(target, offset);
      position += count;
      return count;
    }

    @Override
    public int available() {
      return bytes.size() - position;
    }

    private boolean fill() throws IOException {
      while (position == bytes.size()) {
        switch (peek()) {
          case Part.Content(ByteString next) -> {
            bytes = next;
            position = 0;
            take();
          }
          case Part.Broken(String reason) -> throw new IOException(reason);
          case Part.Name name -> {
            return false;
          }
          case Part.End end -> {
            return false;
          }
        }
      }
      return true;
    }
  }
}
