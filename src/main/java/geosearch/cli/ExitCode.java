package geosearch.cli;

/** How a command ended, for scripts. */
public final class ExitCode {

  /** All went well. */
  public static final int OK = 0;

  /** It was refused, or it failed. */
  public static final int FAILED = 1;

  /** The command line is wrong. */
  public static final int USAGE = 2;

  /** No server, or no store, answers. */
  public static final int UNAVAILABLE = 3;

  /** There is no such thing: no area at that position, no zone of that id. */
  public static final int NOT_FOUND = 4;

  private ExitCode() {}
}
