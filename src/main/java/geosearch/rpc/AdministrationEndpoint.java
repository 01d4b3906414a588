package geosearch.rpc;

import io.grpc.ClientInterceptor;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.io.Reader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Properties;

/**
 * Where the server that owns an embedded store can be asked for its administration: what it leaves
 * beside the store, in a file that only its user can read.
 *
 * @param port on the loopback address, 1 to 65535
 * @param token what each call must carry; a secret
 * @param pid the server's process id
 */
public record AdministrationEndpoint(int port, String token, long pid) {

  /** The file's name within the store's folder. */
  public static final String FILE_NAME = "server.properties";

  static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
  private static final String SCHEME = "Bearer ";

  /** An exported area with an outline of five million vertices takes 80 MB. */
  private static final int MAX_AREA_BYTES = 256 << 20;

  /**
   * What the owner of the store in a folder has left there, or nothing where no server owns it. A
   * server that was killed leaves its file behind: {@link #isAlive} tells.
   *
   * @throws IOException if the file is there and can't be read, or is not whole
   */
  public static Optional<AdministrationEndpoint> read(Path folder) throws IOException {
    Path file = folder.resolve(FILE_NAME);
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      throw damaged(file, e);
    }
    try {
      int port = Integer.parseInt(properties.getProperty("port", ""));
      String token = properties.getProperty("token", "");
      long pid = Long.parseLong(properties.getProperty("pid", ""));
      if (port < 1 || port > 65535 || token.isEmpty()) {
        throw new IllegalArgumentException("a value is missing or out of range");
      }
      return Optional.of(new AdministrationEndpoint(port, token, pid));
    } catch (IllegalArgumentException e) {
      throw damaged(file, e);
    }
  }

  /**
   * Leaves this in the folder of a store, in place of what is there: whole or not at all, and from
   * the first byte on for the owner's eyes only.
   */
  public void write(Path folder) throws IOException {
    Path temporary = Files.createTempFile(folder, FILE_NAME, ".tmp", ownerOnly());
    try {
      Files.writeString(temporary, "port=" + port + "\ntoken=" + token + "\npid=" + pid + "\n");
      Files.move(
          temporary,
          folder.resolve(FILE_NAME),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /** Takes the file away again, unless another server has put its own there meanwhile. */
  public void delete(Path folder) throws IOException {
    if (read(folder).filter(this::equals).isPresent()) {
      Files.deleteIfExists(folder.resolve(FILE_NAME));
    }
  }

  /** Whether the process that left this is still there, as far as this machine shows it. */
  public boolean isAlive() {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }

  /** A channel to the server whose calls carry the token. The caller shuts it down. */
  public ManagedChannel connect() {
    return NettyChannelBuilder.forAddress(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
        .usePlaintext()
        .maxInboundMessageSize(MAX_AREA_BYTES)
        .intercept(credentials())
        .build();
  }

  /** Puts the token on every call, for channels of the caller's own. */
  public ClientInterceptor credentials() {
    Metadata headers = new Metadata();
    headers.put(AUTHORIZATION, authorization(token));
    return MetadataUtils.newAttachHeadersInterceptor(headers);
  }

  /** What the header {@code authorization} of a call must say. */
  static String authorization(String token) {
    return SCHEME + token;
  }

  /** Leaves the token out. */
  @Override
  public String toString() {
    return "127.0.0.1:" + port + ", process " + pid;
  }

  private static FileAttribute<?>[] ownerOnly() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  private static IOException damaged(Path file, Exception cause) {
    return new IOException(
        file + " is not what a server writes there; delete it if no server is running", cause);
  }
}
