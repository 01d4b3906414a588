package geosearch.geo;

import java.util.Arrays;

/** A growing array of ints. */
final class Ints {
  private int[] values;
  private int size;

  Ints(int capacity) {
    values = new int[capacity];
  }

  int size() {
    return size;
  }

  int get(int index) {
    return values[index];
  }

  void set(int index, int value) {
    values[index] = value;
  }

  void add(int value) {
    reserve(1);
    values[size++] = value;
  }

  void addAll(int[] more, int from, int to) {
    reserve(to - from);
    System.arraycopy(more, from, values, size, to - from);
    size += to - from;
  }

  /** Appends zeros, and says where they begin. */
  int addZeros(int count) {
    reserve(count);
    int start = size;
    size += count;
    return start;
  }

  void clear() {
    Arrays.fill(values, 0, size, 0);
    size = 0;
  }

  int[] toArray() {
    return Arrays.copyOf(values, size);
  }

  private void reserve(int count) {
    if (count > values.length - size) {
      int grown = Math.max(Math.addExact(size, count), size + (size >> 1) + 8);
      values = Arrays.copyOf(values, grown);
    }
  }
}
