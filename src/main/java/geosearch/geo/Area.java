package geosearch.geo;

import java.time.Instant;
import java.util.Map;

/**
 * What is known of an area besides its outline, which the {@link AreaIndex} holds.
 *
 * @param id unique within its layer, not empty
 * @param name for people; empty where the source has none
 * @param attributes further properties by name, in no order
 * @param priority areas of a higher priority come first in answers; 0 unless somebody chose
 * @param validity from when to when it holds: at another moment it is not in answers
 * @param kept from when to when it was kept so, where several states of an area are told apart; at
 *     another moment it is not in answers either
 */
public record Area(
    String id,
    String name,
    Map<String, String> attributes,
    int priority,
    Validity validity,
    Validity kept) {

  /** Two texts, and their place in the map. */
  private static final int BYTES_PER_ATTRIBUTE = 100;

  public Area {
    if (id.isEmpty()) {
      throw new IllegalArgumentException("an area's id must not be empty");
    }
    attributes = Map.copyOf(attributes);
  }

  /** An area of which no other state is told apart. */
  public Area(
      String id, String name, Map<String, String> attributes, int priority, Validity validity) {
    this(id, name, attributes, priority, validity, Validity.ALWAYS);
  }

  /** An area that always holds. */
  public Area(String id, String name, Map<String, String> attributes, int priority) {
    this(id, name, attributes, priority, Validity.ALWAYS);
  }

  /** An area of the usual priority, 0, that always holds. */
  public Area(String id, String name, Map<String, String> attributes) {
    this(id, name, attributes, 0);
  }

  /** The area as it was kept for some time. */
  public Area keptWithin(Validity time) {
    return new Area(id, name, attributes, priority, validity, time);
  }

  /** About how many bytes of memory its texts take. */
  public long textBytes() {
    long characters = (long) id.length() + name.length();
    for (Map.Entry<String, String> attribute : attributes.entrySet()) {
      characters += (long) attribute.getKey().length() + attribute.getValue().length();
    }
    return 2 * characters + (long) BYTES_PER_ATTRIBUTE * attributes.size();
  }

  /** Whether it is in answers at any moment. */
  public boolean isAlways() {
    return validity.isAlways() && kept.isAlways();
  }

  /** Whether it is in answers as of a moment. */
  public boolean holdsAt(Instant moment) {
    return validity.holdsAt(moment) && kept.holdsAt(moment);
  }
}
