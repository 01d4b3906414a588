package geosearch.load;

/**
 * The coordinates of a polygon or multipolygon as a file has them: numbers that are finite and in
 * range, but rings may be open, short or crossed.
 *
 * @param coordinates x and y by turns
 * @param ringEnds for each ring, the number of the vertex after its last
 * @param polygonEnds for each polygon, the number of the ring after its last; the first ring of a
 *     polygon is its shell, the others are holes
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and read by one thread after another
record RawOutline(double[] coordinates, int[] ringEnds, int[] polygonEnds) {

  int vertices() {
    return coordinates.length / 2;
  }
}
