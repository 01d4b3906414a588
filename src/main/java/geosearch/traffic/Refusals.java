package geosearch.traffic;

import io.grpc.StatusRuntimeException;

/** What refused calls are answered. */
public interface Refusals {

  /**
   * Returns the answer to a call that is refused for want of capacity or of memory; with RetryInfo.
   *
   * @param reason OVERLOADED or NO_MEMORY
   */
  StatusRuntimeException busy(Reason reason);

  /** Returns the answer to a call whose request did not arrive in time. */
  StatusRuntimeException tooSlow();

  /**
   * Returns the answer to a call with a message that its method does not take.
   *
   * @param length in bytes, as it announced
   * @param limit in bytes
   */
  StatusRuntimeException tooLarge(long length, int limit);
}
