package geosearch.cli;

import geosearch.config.LoadedConfig;

/** Runs the server for the command {@code serve}. */
@FunctionalInterface
public interface ServerLauncher {

  /**
   * Runs a server until it is told to stop.
   *
   * @throws CommandException if it can't start, for a reason that its user can mend
   * @throws Exception if anything else fails
   */
  void serve(LoadedConfig config) throws Exception;
}
