package geosearch.load;

import geosearch.config.ImportConfig;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** Finds what the arguments of the command {@code import} name. */
public final class ImportSources {

  /** The argument that names standard input. */
  public static final String STANDARD_INPUT = "-";

  private static final Pattern ADDRESS =
      Pattern.compile("[a-z][a-z0-9+.-]+://.*", Pattern.CASE_INSENSITIVE);

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
    List<ImportSource> sources = new ArrayList<>();
    boolean standardInputUsed = false;
    for (String argument : arguments) {
      if (argument.equals(STANDARD_INPUT)) {
        if (standardInputUsed) {
          throw new IOException("standard input (-) can be named only once");
        }
        standardInputUsed = true;
        sources.add(ImportSource.of("standard input", standardInput));
      } else if (ADDRESS.matcher(argument).matches()) {
        sources.add(new HttpSource(address(argument), config.httpTimeout()));
      } else {
        sources.add(new PathSource(file(argument)));
      }
    }
    return sources;
  }

  private static URI address(String argument) throws IOException {
    URI address;
    try {
      address = new URI(argument);
    } catch (URISyntaxException e) {
      throw new IOException("not an address (%s): %s".formatted(e.getReason(), argument), e);
    }
    String scheme = address.getScheme();
    if (!scheme.equalsIgnoreCase("http") && !scheme.equalsIgnoreCase("https")) {
      throw new IOException("an address begins with http:// or https://, not " + scheme + "://");
    }
    if (address.getRawUserInfo() != null) {
      throw new IOException(
          "an address with a user's name in it is not supported; fetch the file, then import it");
    }
    if (address.getHost() == null) {
      throw new IOException("an address without a host: " + argument);
    }
    return address;
  }

  private static Path file(String argument) throws IOException {
    Path path;
    try {
      path = Path.of(argument);
    } catch (InvalidPathException e) {
      throw new IOException("not a path: " + argument, e);
    }
    if (!Files.exists(path)) {
      throw new IOException("there is no file " + argument);
    }
    if (Files.isDirectory(path)) {
      throw new IOException(argument + " is a folder; name the files in it");
    }
    if (!Files.isReadable(path)) {
      throw new IOException(argument + " may not be read by this user");
    }
    return path;
  }

  private record PathSource(Path path) implements ImportSource {

    @Override
    public String name() {
      return path.toString();
    }

    /** Nothing for a pipe or a device. */
    @Override
    public OptionalLong length() {
      return Files.isRegularFile(path)
          ? OptionalLong.of(path.toFile().length())
          : OptionalLong.empty();
    }

    @Override
    public InputStream open() throws IOException {
      return Files.newInputStream(path);
    }
  }
}
