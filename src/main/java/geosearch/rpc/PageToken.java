package geosearch.rpc;

import static java.nio.charset.StandardCharsets.UTF_8;

import geosearch.store.ZoneKey;
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
  private static final byte FORMAT = 2;

  /** In no collection's name. */
  private static final char SEPARATOR = '/';

  private static final int HEAD = 1 + Integer.BYTES;

  /** Longer than any that is written; ids of the original's rows are short. */
  private static final int LONGEST = 1024;

  private PageToken() {}

  /** The token of a page that ended with this zone. */
  static String write(ZoneKey last) {
    byte[] id = (last.collection() + SEPARATOR + last.id()).getBytes(UTF_8);
    byte[] token = new byte[HEAD + id.length];
    token[0] = FORMAT;
    System.arraycopy(id, 0, token, HEAD, id.length);
    int checksum = checksum(id);
    for (int i = 0; i < Integer.BYTES; i++) {
      token[1 + i] = (byte) (checksum >>> (8 * i));
    }
    return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
  }

  /** The zone that a page ended with; nothing for a text that is not a token. */
  static Optional<ZoneKey> read(String token) {
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
    String text = new String(Arrays.copyOfRange(bytes, HEAD, bytes.length), UTF_8);
    int end = text.indexOf(SEPARATOR);
    if (end < 0) {
      return Optional.empty();
    }
    ZoneKey key = new ZoneKey(text.substring(0, end), text.substring(end + 1));
    return write(key).equals(token) ? Optional.of(key) : Optional.empty();
  }

  private static int checksum(byte[] id) {
    CRC32 crc = new CRC32();
    crc.update(id);
    return (int) crc.getValue();
  }
}
