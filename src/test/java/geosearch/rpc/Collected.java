package geosearch.rpc;

import static org.awaitility.Awaitility.await;

import java.lang.ref.WeakReference;
import java.time.Duration;

/** What the collector does. */
final class Collected {

  private static final Duration SOON = Duration.ofSeconds(20);

  private Collected() {}

  /** Has the collector run until it has taken what nothing else holds. */
  static void assertCollected(WeakReference<?> reference) {
    await()
        .atMost(SOON)
        .until(() -> {
          System.gc();
          return reference.refersTo(null);
        });
  }
}
