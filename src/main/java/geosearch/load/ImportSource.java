package geosearch.load;

import java.io.IOException;
import java.io.InputStream;
import java.util.OptionalLong;

/** A file to be imported, packed or not. */
public interface ImportSource {

  /** What it is called, for people; without secrets. */
  String name();

  /**
   * How many bytes it has as it is sent, for a progress bar. An address tells only once it is open,
   * and some things never do.
   */
  default OptionalLong length() {
    return OptionalLong.empty();
  }

  /**
   * Opens it; called once.
   *
   * @return its bytes as they are sent; the caller closes it
   * @throws IOException whose message is for people
   */
  InputStream open() throws IOException;

  /** A source that is open already. */
  static ImportSource of(String name, InputStream content) {
    return new ImportSource() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public InputStream open() {
        return content;
      }
    };
  }
}
