package geosearch.rpc;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * Where a page of zones ended, as a text that callers send back and need not understand. Every
 * server of the same store reads it, however often any of them was restarted.
 */
final class PageToken {

  /** Changes when tokens do: old ones are refused then rather than misread. */
  private static final byte FORMAT = 1;

  private static final int HEAD = 1 + Integer.BYTES;

  /** Longer than any that is written; ids of the original's rows are short. */
  private static final int LONGEST = 1024;

  private PageToken() {}

  /** The token of a page that ended with this id. */
  static String write(String lastId) {
    byte[] id = lastId.getBytes(UTF_8);
    byte[] token = new byte[HEAD + id.length];
    token[0] = FORMAT;
    System.arraycopy(id, 0, token, HEAD, id.length);
    int checksum = checksum(id);
    for (int i = 0; i < Integer.BYTES; i++) {
      token[1 + i] = (byte) (checksum >>> (8 * i));
    }
    return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
  }

  /** The id that a page ended with; nothing for a text that is not a token. */
  static Optional<String> read(String token) {
    if (token.length() > LONGEST) {
      return Optional.empty();
    }
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(token);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    if (bytes.length <= HEAD) {
      return Optional.empty();
    }
    String id = new String(Arrays.copyOfRange(bytes, HEAD, bytes.length), UTF_8);
    return write(id).equals(token) ? Optional.of(id) : Optional.empty();
  }

  private static int checksum(byte[] id) {
    CRC32 crc = new CRC32();
    crc.update(id);
    return (int) crc.getValue();
  }
}
