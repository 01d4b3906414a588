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

  void add(int value) {
    reserve(1);
    values[size++] = value;
  }

  void addAll(int[] more, int from, int to) {
    reserve(to - from);
    System.arraycopy(more, from, values, size, to - from);
    size += to - from;
  }

  void clear() {
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
