package geosearch.rpc;

/** A service with calls that go on until somebody ends them. */
interface Drained {

  /** Ends them, and those to come, once what was received has been answered. */
  void drain();
}
