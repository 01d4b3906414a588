package geosearch.rpc;

import java.util.Arrays;

/** Numbers the areas of a batch as they turn up. For use by one thread. */
final class AreaNumbers {

  private static final long NONE = -1;

  private long[] keys = new long[64];
  private int[] numbers = new int[64];
  private int count;

  AreaNumbers() {
    Arrays.fill(keys, NONE);
  }

  int count() {
    return count;
  }

  /** The number of an area; the next one, {@link #count}, if it is new. */
  int of(int layer, int ordinal) {
    long key = (long) layer << 32 | ordinal;
    int slot = slot(key);
    if (keys[slot] != key) {
      if (2 * count >= keys.length) {
        grow();
        slot = slot(key);
      }
      keys[slot] = key;
      numbers[slot] = count++;
    }
    return numbers[slot];
  }

  private int slot(long key) {
    int mask = keys.length - 1;
    int slot = (int) ((key * 0x9E3779B97F4A7C15L) >>> 40) & mask;
    while (keys[slot] != NONE && keys[slot] != key) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void grow() {
    long[] oldKeys = keys;
    int[] oldNumbers = numbers;
    keys = new long[2 * oldKeys.length];
    numbers = new int[keys.length];
    Arrays.fill(keys, NONE);
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != NONE) {
        int slot = slot(oldKeys[i]);
        keys[slot] = oldKeys[i];
        numbers[slot] = oldNumbers[i];
      }
    }
  }
}
