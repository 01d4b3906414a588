package geosearch.rpc;

import static java.nio.charset.StandardCharsets.UTF_8;

import geosearch.v1.FindAreasRequest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.CRC32;

/**
 * The last area of a page: the next one begins behind it, whatever has changed meanwhile.
 *
 * @param rank how well its name fits; 0 where none was looked for
 * @param name its name as it is sorted; empty where none was looked for
 */
record FindToken(int rank, String name, String layer, String id) {

  /** Changes when tokens do: old ones are refused then rather than misread. */
  private static final byte FORMAT = 1;

  private static final int LONGEST = 8_192;

  /** The token as a text, which is for the same request alone. */
  String write(FindAreasRequest request) {
    try (ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(FORMAT);
      out.writeInt(checksum(request));
      out.writeByte(rank);
      out.writeUTF(name);
      out.writeUTF(layer);
      out.writeUTF(id);
      return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads a token; nothing for a text that is none, or one of another request. */
  static Optional<FindToken> read(String text, FindAreasRequest request) {
    if (text.length() > LONGEST) {
      return Optional.empty();
    }
    try (DataInputStream in =
        new DataInputStream(new ByteArrayInputStream(Base64.getUrlDecoder().decode(text)))) {
      if (in.readByte() != FORMAT || in.readInt() != checksum(request)) {
        return Optional.empty();
      }
      FindToken token = new FindToken(in.readByte(), in.readUTF(), in.readUTF(), in.readUTF());
      return token.write(request).equals(text) ? Optional.of(token) : Optional.empty();
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Of what pages have in common. */
  private static int checksum(FindAreasRequest request) {
    CRC32 crc = new CRC32();
    FindAreasRequest common = request.toBuilder().clearPageToken().clearPageSize().build();
    // A map's order in bytes is not fixed, so maps are taken by their sorted texts.
    crc.update(new TreeMap<>(common.getDatasetVersionsMap()).toString().getBytes(UTF_8));
    crc.update(common.toBuilder().clearDatasetVersions().build().toByteArray());
    return (int) crc.getValue();
  }
}
