package geosearch.attack;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/**
 * One way to harm a server.
 *
 * @param name to call it by
 * @param about what it does, in a few words
 * @param quick whether it is one of the selection for continuous integration
 * @param thirdOfCore whether the server has a third of a core, and not all of it
 * @param act starts it on a stage and returns; the stage ends it
 */
record Attack(String name, String about, boolean quick, boolean thirdOfCore, Act act) {

  Attack(String name, String about, boolean quick, Act act) {
    this(name, about, quick, false, act);
  }

  /** Starts an attack. */
  interface Act {
    void start(Stage stage) throws IOException;
  }

  /** Returns all of them. */
  static List<Attack> all() {
    return Stream.of(
            List.of(
                new Attack("none", "nothing: what honest calls get alone", true, true, s -> {})),
            LargeRequests.attacks(),
            HalfMessages.attacks(),
            UnreadAnswers.attacks(),
            Busyness.attacks(),
            Resets.attacks(),
            BadHeaders.attacks(),
            FrameFloods.attacks(),
            IdleConnections.attacks())
        .flatMap(List::stream)
        .toList();
  }
}
