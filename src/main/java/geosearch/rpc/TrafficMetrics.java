package geosearch.rpc;

import geosearch.metrics.Metrics;
import geosearch.traffic.Reason;
import geosearch.traffic.Traffic;

/** Reports what connections hold, and what was refused; METRICS.md lists the names. */
final class TrafficMetrics {

  private TrafficMetrics() {}

  static void report(Traffic traffic, Metrics metrics) {
    metrics.gauge("traffic.connections", traffic::connections);
    metrics.gauge("traffic.held", () -> traffic.budget().held());
    metrics.gauge("traffic.limit", () -> traffic.budget().limit());
    for (Reason reason : Reason.values()) {
      metrics.counter("traffic.refused." + reason.metric(), () -> traffic.refused(reason));
    }
  }
}
