package geosearch.load;

import geosearch.config.ImportConfig;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** Finds what the arguments of the command {@code import} name. */
public final class ImportSources {

  private final ImportConfig config;
  private final InputStream standardInput;

  public ImportSources(ImportConfig config, InputStream standardInput) {
    this.config = config;
    this.standardInput = standardInput;
  }

  /**
   * Finds the files, without opening addresses yet.
   *
   * @param arguments paths, http(s) addresses, or {@code -} for standard input
   * @throws IOException if one can't be read; the message is for people
   */
  public List<ImportSource> find(List<String> arguments) throws IOException {
    if (arguments.isEmpty()) {
      return List.of();
    }
    throw new UnsupportedOperationException(config + " " + standardInput + " " + arguments);
  }
}
