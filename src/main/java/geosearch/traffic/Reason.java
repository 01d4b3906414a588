package geosearch.traffic;

/** Why a call was refused, or a connection closed. */
public enum Reason {
  /** More calls came than the server can answer in time. */
  OVERLOADED("overloaded"),
  /** The connection has as many calls as it may have. */
  TOO_MANY_CALLS("too-many-calls"),
  /** The memory for traffic is in use. */
  NO_MEMORY("no-memory"),
  /** The request did not arrive whole in time. */
  TOO_SLOW("too-slow"),
  /** The message is longer than its method takes. */
  TOO_LARGE("too-large"),
  /** The client did not read its answers in time; the connection is closed. */
  NOT_READ("not-read"),
  /** The connection carried frames that lead to nothing; it is closed. */
  NO_PROGRESS("no-progress"),
  /** There are too many connections; an idle one is closed. */
  TOO_MANY_CONNECTIONS("too-many-connections");

  private final String metric;

  Reason(String metric) {
    this.metric = metric;
  }

  /** Returns its name in metrics. */
  public String metric() {
    return metric;
  }
}
