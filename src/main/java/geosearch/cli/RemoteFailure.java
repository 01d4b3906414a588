package geosearch.cli;

import geosearch.config.Durations;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;

/** Turns the failure of a call into what its user needs to know. */
final class RemoteFailure {

  private RemoteFailure() {}

  /**
   * @param server which was asked, for people
   * @param timeout how long it had
   */
  static CommandException of(StatusRuntimeException e, String server, Duration timeout) {
    Status status = e.getStatus();
    String said = status.getDescription() == null ? "" : status.getDescription();
    return switch (status.getCode()) {
      case UNAVAILABLE ->
          new CommandException(ExitCode.UNAVAILABLE, unavailable(status, server, said), e);
      case DEADLINE_EXCEEDED, CANCELLED ->
          new CommandException(
              ExitCode.UNAVAILABLE,
              "the server at "
                  + server
                  + " did not answer within "
                  + Durations.format(timeout)
                  + " (--timeout)",
              e);
      case UNIMPLEMENTED ->
          new CommandException(
              ExitCode.FAILED, "the server at " + server + " does not know this call: " + said, e);
      case NOT_FOUND -> new CommandException(ExitCode.NOT_FOUND, said, e);
      case INTERNAL, UNKNOWN, DATA_LOSS ->
          new CommandException(ExitCode.FAILED, "the server at " + server + " failed: " + said, e);
      default ->
          new CommandException(ExitCode.FAILED, said.isEmpty() ? status.getCode().name() : said, e);
    };
  }

  /** The server may speak of itself; or nobody spoke, and there is a cause on this side. */
  private static String unavailable(Status status, String server, String said) {
    if (status.getCause() instanceof UnknownHostException
        || status.getCause() instanceof UnresolvedAddressException) {
      return "there is no host of that name: " + server;
    }
    return status.getCause() == null
        ? said + " (" + server + ")"
        : "no server answers at "
            + server
            + "; start one with `geosearch serve`, or name another with --server";
  }
}
