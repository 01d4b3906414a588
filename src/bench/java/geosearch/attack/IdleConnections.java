package geosearch.attack;

import geosearch.attack.RawConnection.Reading;
import java.io.IOException;
import java.util.List;

/** Connections that do nothing but be there. */
final class IdleConnections {

  private static final int THREADS = 8;

  private IdleConnections() {}

  static List<Attack> attacks() {
    return List.of(
        hold(
            "silent-connections",
            "connections that never send a byte",
            5_000,
            true,
            RawConnection::silent),
        hold(
            "idle-connections",
            "connections that send the preface and no more",
            5_000,
            false,
            IdleConnections::prefaced),
        hold(
            "most-connections",
            "as many connections as the system lets this process have",
            60_000,
            false,
            IdleConnections::prefaced),
        new Attack(
            "churn",
            "connections that are made and closed, as fast as it goes",
            false,
            stage -> stage.each(THREADS, IdleConnections::prefaced, c -> c.flush())));
  }

  /** Without a thread that reads: there are too many of them. */
  private static RawConnection prefaced(java.net.InetSocketAddress server) throws IOException {
    return RawConnection.open(server, Reading.NEVER);
  }

  private static Attack hold(
      String name, String about, int count, boolean quick, Stage.Opening opening) {
    return new Attack(
        name,
        "%,d %s".formatted(count, about),
        quick,
        stage -> {
          for (int thread = 0; thread < THREADS; thread++) {
            stage.start(() -> open(stage, count / THREADS, opening));
          }
        });
  }

  private static void open(Stage stage, int count, Stage.Opening opening) {
    try {
      for (int i = 0; i < count && stage.goesOn(); i++) {
        stage.connect(opening);
      }
      stage.rest();
    } catch (IOException e) {
      // The system, or the server, takes no more: what there is stays until the end.
    }
  }
}
