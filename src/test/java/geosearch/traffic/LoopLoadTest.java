package geosearch.traffic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/**
 * Runs a thread of the network on a clock of its own, which moves by what answering and refusing
 * take. A call takes 50 µs, so 20,000 a second can be answered.
 */
class LoopLoadTest {

  private static final long CALL = 50_000;
  private static final long REFUSAL = 1_000;
  private static final long SECOND = 1_000_000_000;

  /** A client keeps back what is beyond the calls that it may have under way. */
  private static final int MOST_UNDER_WAY = 256;

  private static final double CAPACITY = (double) SECOND / CALL;

  private long now;
  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private final Queue<Runnable> afterReads = new ArrayDeque<>();
  private final LoopLoad load = new LoopLoad(tasks::add, afterReads::add, () -> now);
  private final List<Connection> connections = new ArrayList<>();

  /** A client that asks at a constant rate, whether it is answered or not. */
  private final class Connection {
    private final CallShare share = new CallShare(this::resume);
    private final double perSecond;
    private double due;

    /** So many calls are begun whenever none waits. */
    private int underWay;

    private boolean waits;
    private long answered;
    private long refused;

    Connection(double perSecond) {
      this.perSecond = perSecond;
      load.add(share);
      connections.add(this);
    }

    private void resume() {
      waits = false;
      load.begin();
      now += read() * CALL;
    }

    /** Reads what has come; returns how many calls are to be answered. */
    long read() {
      long admitted = 0;
      while (due >= 1 && !waits) {
        switch (load.admit(share)) {
          case ANSWER -> {
            due--;
            admitted++;
          }
          case REFUSE -> {
            due--;
            refused++;
            now += REFUSAL;
          }
          case LATER -> {
            waits = true;
            load.leave(share);
          }
        }
      }
      if (!waits) {
        share.drained();
      }
      answered += admitted;
      return admitted;
    }
  }

  @Test
  void admits_lessThanCanBeAnswered_refusesNone() {
    new Connection(CAPACITY * 0.45);
    new Connection(CAPACITY * 0.45);

    run(20);

    assertEquals(0, refused());
  }

  @Test
  void admits_burstOfOneSecond_refusesNone() {
    Connection burst = new Connection(CAPACITY * 0.1);
    run(20);
    burst.due += 2_000;

    run(5);

    assertEquals(0, refused());
  }

  @Test
  void admits_threeTimesWhatCanBeAnswered_answersAsMuchAsItCan() {
    // What is refused takes 4 % of the time here.
    assertAnswersAsMuchAsItCan(3);
  }

  @Test
  void admits_twentyTimesWhatCanBeAnswered_answersAsMuchAsItCan() {
    // To refuse all the rest would take 40 % of the time here.
    assertAnswersAsMuchAsItCan(20);
  }

  /**
   * @param load in times what can be answered
   */
  private void assertAnswersAsMuchAsItCan(double load) {
    for (int i = 0; i < 20; i++) {
      new Connection(CAPACITY * load / 20);
    }
    run(10);
    long before = answered();

    double worst = run(10);

    assertTrue(answered() - before > 0.9 * 10 * CAPACITY, () -> "answered " + answered());
    assertTrue(worst < 0.06, () -> "longest turn " + worst);
  }

  @Test
  void admits_oneAsksForLittle_isAnsweredInFull() {
    Connection modest = new Connection(CAPACITY * 0.1);
    for (int i = 0; i < 20; i++) {
      new Connection(CAPACITY * 5 / 20);
    }
    run(10);
    long before = modest.refused;
    long answeredBefore = modest.answered;

    run(10);

    assertTrue(
        modest.refused - before < 0.02 * (modest.answered - answeredBefore),
        () -> "refused " + modest.refused + " of " + modest.answered);
  }

  @Test
  void admits_overloadIsOver_refusesNoMore() {
    for (int i = 0; i < 20; i++) {
      new Connection(CAPACITY * 3 / 20);
    }
    run(10);
    connections.forEach(connection -> load.remove(connection.share));
    connections.clear();
    new Connection(CAPACITY * 0.5);
    run(1);
    long before = refused();

    run(10);

    assertEquals(before, refused());
  }

  @Test
  void admits_clientsThatWaitForAnswers_areNotRefused() {
    for (int i = 0; i < 20; i++) {
      new Connection(0).underWay = 50; // 50 ms of work
    }

    run(10);

    assertEquals(0, refused());
    assertTrue(answered() > 0.99 * 10 * CAPACITY, () -> "answered " + answered());
  }

  @Test
  void admits_threadWasHeldUp_refusesNone() {
    for (int i = 0; i < 20; i++) {
      new Connection(CAPACITY * 0.5 / 20);
    }
    run(5);
    for (int i = 0; i < 20; i++) {
      now += 150_000_000; // a collection of garbage, say
      for (Connection connection : connections) {
        connection.due += connection.perSecond * 0.15;
      }
      run(1);
    }

    assertEquals(0, refused());
  }

  @Test
  void resume_oneFails_continuesWithTheOthers() {
    CallShare failing =
        new CallShare(() -> {
          throw new IllegalStateException("as one without memory");
        });
    Connection other = new Connection(0);
    load.add(failing);
    load.begin();
    load.leave(failing);
    other.waits = true;
    other.due = 1;
    load.leave(other.share);

    assertThrows(IllegalStateException.class, afterReads.remove()::run);
    run(0.001);

    assertEquals(1, other.answered);
  }

  @Test
  void admits_justStarted_takesOnLittleAtOnce() {
    Connection eager = new Connection(0);
    eager.due = 10_000;

    assertTrue(run(0.001) <= 64 * CALL / (double) SECOND);
  }

  private long refused() {
    return connections.stream().mapToLong(one -> one.refused).sum();
  }

  private long answered() {
    return connections.stream().mapToLong(one -> one.answered).sum();
  }

  /** Runs for some seconds; returns how long the longest turn took, in seconds. */
  private double run(double seconds) {
    long end = now + (long) (seconds * SECOND);
    long longest = 0;
    while (now < end) {
      long began = now;
      load.begin();
      for (Connection connection : connections) {
        now += connection.read() * CALL;
      }
      for (int left = afterReads.size(); left > 0; left--) {
        afterReads.remove().run();
      }
      longest = Math.max(longest, now - began);
      while (!tasks.isEmpty()) {
        tasks.remove().run();
      }
      if (now == began) {
        now += 100_000; // nothing to do
      }
      for (Connection connection : connections) {
        if (connection.due < MOST_UNDER_WAY) {
          connection.due += connection.perSecond * (now - began) / SECOND;
        }
        if (connection.due < 1) {
          connection.due += connection.underWay;
        }
      }
    }
    return (double) longest / SECOND;
  }
}
