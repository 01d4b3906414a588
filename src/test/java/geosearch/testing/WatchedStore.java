package geosearch.testing;

import geosearch.store.Datasets;
import geosearch.store.Store;
import geosearch.store.Zones;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/** Stores of which a test watches, holds up or fails what they are asked. */
public final class WatchedStore {

  private WatchedStore() {}

  /** Is told of a method before it is called. */
  @FunctionalInterface
  public interface Watcher {

    /**
     * @param method such as {@code Datasets.read}
     * @throws RuntimeException in place of the call
     */
    void before(String method);
  }

  /** A store that can't be asked anything. */
  public static Store none() {
    return proxy(
        Store.class,
        new Object(),
        method -> {
          throw new UnsupportedOperationException(method);
        });
  }

  /** A store as another one, with its datasets and zones watched too. */
  public static Store of(Store real, Watcher watcher) {
    Datasets datasets = proxy(Datasets.class, real.datasets(), watcher);
    Zones zones = proxy(Zones.class, real.zones(), watcher);
    return (Store)
        Proxy.newProxyInstance(
            Store.class.getClassLoader(),
            new Class<?>[] {Store.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "datasets" -> datasets;
                  case "zones" -> zones;
                  default -> invoke(Store.class, method, real, arguments, watcher);
                });
  }

  private static <T> T proxy(Class<T> type, Object real, Watcher watcher) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> invoke(type, method, real, arguments, watcher)));
  }

  private static Object invoke(
      Class<?> type,
      java.lang.reflect.Method method,
      Object real,
      Object[] arguments,
      Watcher watcher)
      throws Throwable {
    watcher.before(type.getSimpleName() + "." + method.getName());
    try {
      method.setAccessible(true);
      return method.invoke(real, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
