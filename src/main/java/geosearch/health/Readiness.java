package geosearch.health;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Whether the server is ready: all of its conditions are met. The one truth that the health service
 * and the registration in Consul follow.
 *
 * <p>Safe for use by several threads. Listeners are called one change at a time, in the order of
 * the changes, by the thread that made the change: they must not block for long.
 */
public final class Readiness {

  /** Something that must be so before the server is ready. It begins unmet. */
  public final class Condition {
    private final String name;

    private Condition(String name) {
      this.name = name;
    }

    /** Says whether the condition is met. */
    public void set(boolean met) {
      change(name, met);
    }
  }

  private final Map<String, Boolean> conditions = new LinkedHashMap<>();
  private final List<Consumer<Boolean>> listeners = new ArrayList<>();
  private boolean ready;

  /**
   * Adds a condition, unmet.
   *
   * @throws IllegalArgumentException if there is one of that name
   */
  public synchronized Condition condition(String name) {
    if (conditions.putIfAbsent(name, false) != null) {
      throw new IllegalArgumentException("there is a condition named " + name + " already");
    }
    update();
    return new Condition(name);
  }

  /** Adds a listener and tells it how things stand. */
  public synchronized void addListener(Consumer<Boolean> listener) {
    listeners.add(listener);
    listener.accept(ready);
  }

  /** Whether all conditions are met; not so while there is none. */
  public synchronized boolean isReady() {
    return ready;
  }

  /** The names of the conditions that are not met, in the order in which they were added. */
  public synchronized List<String> unmet() {
    return conditions.entrySet().stream()
        .filter(c -> !c.getValue())
        .map(Map.Entry::getKey)
        .toList();
  }

  private synchronized void change(String name, boolean met) {
    conditions.put(name, met);
    update();
  }

  private void update() {
    boolean now = !conditions.isEmpty() && conditions.values().stream().allMatch(met -> met);
    if (now != ready) {
      ready = now;
      listeners.forEach(listener -> listener.accept(now));
    }
  }
}
