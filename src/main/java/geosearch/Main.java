package geosearch;

import geosearch.cli.Cli;
import geosearch.cli.CommandException;
import geosearch.cli.ExitCode;
import geosearch.config.LoadedConfig;
import geosearch.store.StoreException;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;

/** Starts a command. */
final class Main {

  private Main() {}

  public static void main(String[] arguments) {
    System.exit(Cli.run(arguments, Main::serve));
  }

  /**
   * Runs a server until a signal ends the process, with 0 if the server has stopped as it should.
   */
  private static void serve(LoadedConfig loaded) throws InterruptedException {
    App app;
    try {
      app = new App(loaded.config());
    } catch (IOException | StoreException e) {
      throw new CommandException(ExitCode.FAILED, String.valueOf(e.getMessage()), e);
    }
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  app.stop();
                  Runtime.getRuntime().halt(ExitCode.OK);
                },
                "stop"));
    app.greet(System.out);
    new CountDownLatch(1).await();
  }
}
