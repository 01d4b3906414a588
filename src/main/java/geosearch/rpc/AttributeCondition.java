package geosearch.rpc;

import geosearch.v1.AttributeFilter;
import java.util.Map;
import java.util.Set;

/**
 * What one attribute of areas must be.
 *
 * @param values what it may be; anything if there are none
 * @param negate lets pass what would not, and not what would
 */
record AttributeCondition(String key, Set<String> values, boolean negate) {

  private static final int LONGEST_KEY = 64;
  private static final int MOST_VALUES = 100;

  /**
   * Reads a filter, or adds what is wrong with it.
   *
   * @param field its path in the request
   */
  static AttributeCondition of(AttributeFilter filter, String field, Violations violations) {
    int length = filter.getKey().codePointCount(0, filter.getKey().length());
    if (length < 1 || length > LONGEST_KEY) {
      violations.add(
          field + ".key", "must have 1 to " + LONGEST_KEY + " characters, not " + length);
    }
    if (filter.getValuesCount() > MOST_VALUES) {
      violations.add(
          field + ".values", "must be at most " + MOST_VALUES + ", not " + filter.getValuesCount());
    }
    return new AttributeCondition(
        filter.getKey(), Set.copyOf(filter.getValuesList()), filter.getNegate());
  }

  boolean passes(Map<String, String> attributes) {
    String value = attributes.get(key);
    boolean fits = value != null && (values.isEmpty() || values.contains(value));
    return fits != negate;
  }
}
