package geosearch.store;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;

/**
 * The values of a page of the embedded file after their lengths and a checksum of those: a changed
 * length would make something else of all values after it. What is in them {@link CheckedMap}
 * checks, one by one.
 */
final class CheckedValues extends BasicDataType<byte[]> {

  private final String map;

  /**
   * Creates the type.
   *
   * @param map the map's name
   */
  CheckedValues(String map) {
    this.map = map;
  }

  @Override
  public void write(WriteBuffer buffer, Object storage, int count) {
    byte[][] values = cast(storage);
    CRC32C sum = new CRC32C();
    for (int i = 0; i < count; i++) {
      buffer.putInt(values[i].length);
      update(sum, values[i].length);
    }
    buffer.putInt((int) sum.getValue());
    for (int i = 0; i < count; i++) {
      buffer.put(values[i]);
    }
  }

  @Override
  public void read(ByteBuffer buffer, Object storage, int count) {
    int[] lengths = new int[count];
    CRC32C sum = new CRC32C();
    if ((count + 1L) * Integer.BYTES > buffer.remaining()) {
      throw damaged();
    }
    long bytes = 0;
    for (int i = 0; i < count; i++) {
      lengths[i] = buffer.getInt();
      bytes += lengths[i];
      update(sum, lengths[i]);
    }
    if (buffer.getInt() != (int) sum.getValue() || bytes > buffer.remaining()) {
      throw damaged();
    }
    byte[][] values = cast(storage);
    for (int i = 0; i < count; i++) {
      values[i] = new byte[lengths[i]];
      buffer.get(values[i]);
    }
  }

  private static void update(CRC32C sum, int length) {
    for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
      sum.update(length >>> shift);
    }
  }

  private RuntimeException damaged() {
    return DataUtils.newMVStoreException(
        DataUtils.ERROR_FILE_CORRUPT, "values of the map {0} are not what was written", map);
  }

  @Override
  public void write(WriteBuffer buffer, byte[] value) {
    write(buffer, new byte[][] {value}, 1);
  }

  @Override
  public byte[] read(ByteBuffer buffer) {
    byte[][] values = createStorage(1);
    read(buffer, values, 1);
    return values[0];
  }

  /** As ByteArrayDataType has it: the bytes and their header. */
  @Override
  public int getMemory(byte[] value) {
    return 24 + value.length;
  }

  @Override
  public byte[][] createStorage(int size) {
    return new byte[size][];
  }
}
