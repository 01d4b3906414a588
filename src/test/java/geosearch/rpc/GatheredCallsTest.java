package geosearch.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import geosearch.original.SearchRequest;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultEventExecutor;
import io.grpc.netty.shaded.io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GatheredCallsTest {

  private static final Context.Key<String> CALLER = Context.key("caller");

  private final EventExecutor network = new DefaultEventExecutor();
  private final List<String> done = new ArrayList<>();
  private final GatheredCalls<SearchRequest> calls =
      new GatheredCalls<>(requests -> done.add("read " + requests.size()));

  @AfterEach
  void stop() throws Exception {
    network.shutdownGracefully(0, 0, TimeUnit.SECONDS).get();
  }

  @Test
  void add_severalInOneTurn_readsAheadForAllAndAnswersInOrder() throws Exception {
    turn(() -> {
      add(1);
      add(2);
      add(3);
      done.add("all came");
    });

    assertEquals(List.of("all came", "read 3", "answer 1", "answer 2", "answer 3"), done);
  }

  @Test
  void add_oneInATurn_isAnsweredWithoutReadingAhead() throws Exception {
    turn(() -> add(1));
    turn(() -> add(2));

    assertEquals(List.of("answer 1", "answer 2"), done);
  }

  @Test
  void add_moreThanAreGathered_answersThoseThatAreThere() throws Exception {
    turn(() -> {
      for (int i = 0; i < 2 * GatheredCalls.MOST + 2; i++) {
        add(i);
      }
      done.add("all came");
    });

    assertEquals(
        List.of("read 256", "read 256", "all came", "read 2"),
        done.stream().filter(step -> !step.startsWith("answer")).toList());
    assertEquals(
        2 * GatheredCalls.MOST + 2,
        done.stream().filter(step -> step.startsWith("answer")).distinct().count());
  }

  @Test
  void add_whileOthersAreAnswered_isAnsweredAfterThem() throws Exception {
    turn(() -> {
      calls.add(new EndedCall(), SearchRequest.getDefaultInstance(), () -> add(3));
      add(2);
    });

    assertEquals(List.of("read 2", "answer 2", "answer 3"), done);
  }

  @Test
  void add_threadThatIsNoneOfTheNetworks_answersAtOnce() {
    add(1);

    assertEquals(List.of("answer 1"), done);
  }

  @Test
  void add_workFails_failsItsCallAlone() throws Exception {
    EndedCall broken = new EndedCall();

    turn(() -> {
      calls.add(
          broken,
          SearchRequest.getDefaultInstance(),
          () -> {
            throw Details.tooBusy("no more");
          });
      add(2);
    });

    assertEquals(Status.Code.RESOURCE_EXHAUSTED, broken.closed.join().getCode());
    assertEquals(List.of("read 2", "answer 2"), done);
  }

  @Test
  void add_readingAheadFails_failsTheCallsThatItWasFor() throws Exception {
    Consumer<List<SearchRequest>> broken =
        requests -> {
          throw Details.unavailable("nothing is loaded");
        };
    GatheredCalls<SearchRequest> gathered = new GatheredCalls<>(broken);
    List<EndedCall> ended = List.of(new EndedCall(), new EndedCall(), new EndedCall());
    Runnable ends = () -> done.add("answer");

    turn(() -> {
      gathered.add(ended.get(0), SearchRequest.getDefaultInstance(), ends);
      gathered.add(ended.get(1), SearchRequest.getDefaultInstance(), ends);
    });
    turn(() -> gathered.add(ended.get(2), SearchRequest.getDefaultInstance(), ends));

    assertEquals(Status.Code.UNAVAILABLE, ended.get(0).closed.join().getCode());
    assertEquals(Status.Code.UNAVAILABLE, ended.get(1).closed.join().getCode());
    assertFalse(ended.get(2).closed.isDone());
    assertEquals(List.of("answer"), done);
  }

  @Test
  void add_callerGoesAwayMeanwhile_isNotWorkedOn() throws Exception {
    EndedCall gone = new EndedCall();

    turn(() -> {
      calls.add(gone, SearchRequest.getDefaultInstance(), () -> done.add("answer to nobody"));
      add(2);
      gone.cancel();
    });

    assertEquals(List.of("read 2", "answer 2"), done);
  }

  @Test
  void add_context_isTheCallsOwnWhenItIsAnswered() throws Exception {
    turn(() -> {
      Context before = Context.current();
      for (String caller : List.of("first", "second")) {
        before
            .withValue(CALLER, caller)
            .run(() ->
                calls.add(
                    new EndedCall(),
                    SearchRequest.getDefaultInstance(),
                    () -> done.add(CALLER.get())));
      }
      assertSame(before, Context.current());
    });

    assertEquals(List.of("read 2", "first", "second"), done);
  }

  private void add(int number) {
    calls.add(
        new EndedCall(), SearchRequest.getDefaultInstance(), () -> done.add("answer " + number));
  }

  /** Has the network's thread do something, and then what it has been given to do by that. */
  private void turn(Runnable reading) throws Exception {
    network.submit(reading).get();
    network.submit(() -> {}).get();
    network.submit(() -> {}).get();
  }
}
