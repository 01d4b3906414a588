package geosearch.store;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.DataType;

/**
 * The keys, or small values, of a page of the embedded file after their length in bytes and their
 * checksum. They are checked together: a changed key would lead away from the others.
 *
 * @param map the map's name
 * @param items what they are
 */
record CheckedPage<T>(String map, DataType<T> items) implements DataType<T> {

  @Override
  public void write(WriteBuffer buffer, Object storage, int count) {
    int start = buffer.position();
    buffer.putInt(0).putInt(0);
    items.write(buffer, storage, count);
    int length = buffer.position() - start - 2 * Integer.BYTES;
    buffer.putInt(start, length);
    buffer.putInt(
        start + Integer.BYTES, sum(buffer.getBuffer(), start + 2 * Integer.BYTES, length));
  }

  @Override
  public void read(ByteBuffer buffer, Object storage, int count) {
    int start = buffer.position() + 2 * Integer.BYTES;
    int length = start > buffer.limit() ? -1 : buffer.getInt();
    if (length < 0
        || length > buffer.limit() - start
        || buffer.getInt() != sum(buffer, start, length)) {
      throw DataUtils.newMVStoreException(
          DataUtils.ERROR_FILE_CORRUPT, "a page of the map {0} is not what was written", map);
    }
    items.read(buffer, storage, count);
  }

  private static int sum(ByteBuffer buffer, int start, int length) {
    CRC32C sum = new CRC32C();
    sum.update(buffer.duplicate().limit(start + length).position(start));
    return (int) sum.getValue();
  }

  @Override
  public void write(WriteBuffer buffer, T item) {
    items.write(buffer, item);
  }

  @Override
  public T read(ByteBuffer buffer) {
    return items.read(buffer);
  }

  @Override
  public int compare(T a, T b) {
    return items.compare(a, b);
  }

  @Override
  public int binarySearch(T item, Object storage, int size, int initialGuess) {
    return items.binarySearch(item, storage, size, initialGuess);
  }

  @Override
  public int getMemory(T item) {
    return items.getMemory(item);
  }

  @Override
  public boolean isMemoryEstimationAllowed() {
    return items.isMemoryEstimationAllowed();
  }

  @Override
  public T[] createStorage(int size) {
    return items.createStorage(size);
  }
}
