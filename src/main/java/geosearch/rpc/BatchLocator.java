package geosearch.rpc;

import com.google.rpc.Status;
import geosearch.atlas.Snapshot;
import geosearch.atlas.View;
import geosearch.geo.AreaIndex;
import geosearch.geo.Position;
import geosearch.v1.AreaMatch;
import geosearch.v1.LocateBatchRequest;
import geosearch.v1.LocateBatchResponse;
import geosearch.v1.LocateOptions;
import geosearch.v1.Match;
import geosearch.v1.PositionAnswer;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Answers one batch. Positions go through the index some hundred at a time, which is faster than
 * one by one; answers that say the same are one object. For use by one thread.
 */
final class BatchLocator {

  private static final int MOST_POSITIONS = 10_000;
  private static final int CHUNK = 256;

  private final LocateBatchRequest request;
  private final Question question;
  private final List<Snapshot> snapshots;
  private final List<AnsweredLayer> layers;
  private final PositionFinder finder;
  private final Instant now;
  private final AreaParts parts;
  private final WrittenParts areas = new WrittenParts(LocateBatchResponse.AREAS_FIELD_NUMBER);
  private final WrittenParts answers = new WrittenParts(LocateBatchResponse.ANSWERS_FIELD_NUMBER);
  private final AreaNumbers numbers = new AreaNumbers();
  private int[] matches = new int[8];

  /** Keeps the reads that only fetch from being left out by the compiler. */
  @SuppressWarnings("UnusedVariable")
  private int fetched;

  /**
   * @throws io.grpc.StatusRuntimeException if it is refused as a whole
   */
  BatchLocator(LocateBatchRequest request, View view, AnsweredLayers answered, Instant now) {
    check(request);
    this.request = request;
    this.now = now;
    this.question = Question.of(request.getOptions(), "options.", view, now, moments(request, now));
    this.snapshots = question.areas().snapshots();
    this.layers = answered.of(snapshots);
    this.finder = new PositionFinder(question, layers);
    this.parts = new AreaParts(layers, request.getOptions());
  }

  /**
   * The whole answer.
   *
   * @throws io.grpc.StatusRuntimeException DEADLINE_EXCEEDED if nobody waits for it any more
   */
  Answer answer() {
    Answer answer = new Answer(LocateBatchResponse.getDefaultInstance());
    for (AnsweredLayer layer : layers) {
      answer.add(new LayerPart(LocateBatchResponse.LAYERS_FIELD_NUMBER, layer, now));
    }
    boolean together = Double.isNaN(question.accuracy()) && request.getAccuraciesMCount() == 0;
    int count = request.getLatitudesCount();
    for (int from = 0; from < count; from += CHUNK) {
      HeavyCalls.giveWay();
      int to = Math.min(count, from + CHUNK);
      if (together) {
        answerTogether(from, to);
      } else {
        for (int i = from; i < to; i++) {
          answerOne(i);
        }
      }
    }
    answer.add(areas);
    answer.add(answers);
    return answer;
  }

  private static void check(LocateBatchRequest request) {
    Violations violations = new Violations();
    int count = request.getLatitudesCount();
    if (count < 1 || count > MOST_POSITIONS) {
      violations.add("latitudes", "must be from 1 to " + MOST_POSITIONS + ", not " + count);
    }
    checkCount("longitudes", request.getLongitudesCount(), count, violations);
    if (request.getAccuraciesMCount() > 0) {
      checkCount("accuracies_m", request.getAccuraciesMCount(), count, violations);
    }
    if (request.getAsOfUnixMsCount() > 0) {
      checkCount("as_of_unix_ms", request.getAsOfUnixMsCount(), count, violations);
    }
    if (!violations.isEmpty()) {
      throw violations.refusal();
    }
  }

  /** The first and the last moment that positions ask about; none if none has its own. */
  private static List<Instant> moments(LocateBatchRequest request, Instant now) {
    if (request.getAsOfUnixMsCount() == 0) {
      return List.of();
    }
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    boolean all = true;
    for (int i = 0; i < request.getAsOfUnixMsCount(); i++) {
      long own = request.getAsOfUnixMs(i);
      if (own == 0) {
        all = false;
      } else {
        first = Math.min(first, own);
        last = Math.max(last, own);
      }
    }
    List<Instant> moments = new ArrayList<>();
    if (first <= last) {
      moments.add(Instant.ofEpochMilli(first));
      moments.add(Instant.ofEpochMilli(last));
    }
    if (!all) {
      LocateOptions options = request.getOptions();
      // What is no time is refused with the options.
      moments.add(options.hasAsOf() ? Asked.time(options.getAsOf(), "", new Violations()) : now);
    }
    return moments;
  }

  private static void checkCount(String field, int count, int wanted, Violations violations) {
    if (count != wanted) {
      violations.add(field, "must be as many as latitudes, %d, not %d".formatted(wanted, count));
    }
  }

  private void answerTogether(int from, int to) {
    double[] latitudes = new double[to - from];
    double[] longitudes = new double[to - from];
    int[] places = new int[to - from];
    int good = 0;
    for (int i = from; i < to; i++) {
      if (isPosition(i)) {
        latitudes[good] = request.getLatitudes(i);
        longitudes[good] = request.getLongitudes(i);
        places[good++] = i;
      }
    }
    latitudes = Arrays.copyOf(latitudes, good);
    longitudes = Arrays.copyOf(longitudes, good);
    ChunkHits[] hits = new ChunkHits[snapshots.size()];
    for (int layer = 0; layer < hits.length; layer++) {
      hits[layer] = new ChunkHits(good);
      snapshots.get(layer).index().locateAll(latitudes, longitudes, hits[layer]);
      hits[layer].end();
      fetch(layer, hits[layer]);
    }
    int next = 0;
    for (int i = from; i < to; i++) {
      if (next == good || places[next] != i) {
        answers.add(refused(i));
        continue;
      }
      Optional<StatusRuntimeException> notKept = notKept(i);
      if (notKept.isPresent()) {
        answers.add(refusal(notKept.get()));
        next++;
        continue;
      }
      finder.begin(latitudes[next], longitudes[next], time(i));
      for (int layer = 0; layer < hits.length; layer++) {
        hits[layer].give(next, layer, finder);
      }
      finder.end();
      addFound();
      next++;
    }
  }

  /**
   * Reads the areas that were found one after another, none of which says where the next one is: so
   * the waits for the memory overlap.
   */
  private void fetch(int layer, ChunkHits chunk) {
    for (int i = 0; i < chunk.hits.count(); i++) {
      fetched += parts.fetch(layer, chunk.hits.ordinal(i));
    }
  }

  private void answerOne(int i) {
    double accuracy =
        request.getAccuraciesMCount() == 0 || request.getAccuraciesM(i) < 0
            ? question.accuracy()
            : request.getAccuraciesM(i);
    Violations violations = new Violations();
    if (request.getAccuraciesMCount() > 0 && !(request.getAccuraciesM(i) < 0)) {
      Question.checkAccuracy(accuracy, "accuracies_m[" + i + "]", violations);
    }
    if (!isPosition(i) || !violations.isEmpty()) {
      answers.add(isPosition(i) ? refusal(violations.refusal()) : refused(i));
      return;
    }
    Optional<StatusRuntimeException> notKept = notKept(i);
    if (notKept.isPresent()) {
      answers.add(refusal(notKept.get()));
      return;
    }
    finder.find(request.getLatitudes(i), request.getLongitudes(i), accuracy, time(i));
    addFound();
  }

  /** Why nothing can be said of a position at its own time; nothing if it can. */
  private Optional<StatusRuntimeException> notKept(int i) {
    return request.getAsOfUnixMsCount() == 0 ? Optional.empty() : question.areas().notKept(time(i));
  }

  private boolean isPosition(int i) {
    return Position.isLatitude(request.getLatitudes(i))
        && Position.isLongitude(request.getLongitudes(i));
  }

  private Instant time(int i) {
    return request.getAsOfUnixMsCount() == 0 || request.getAsOfUnixMs(i) == 0
        ? question.areas().time()
        : Instant.ofEpochMilli(request.getAsOfUnixMs(i));
  }

  private Part refused(int i) {
    Violations violations = new Violations();
    Positions.checkLatitude(request.getLatitudes(i), "latitudes[" + i + "]", violations);
    Positions.checkLongitude(request.getLongitudes(i), "longitudes[" + i + "]", violations);
    Status error = Objects.requireNonNull(StatusProto.fromThrowable(violations.refusal()));
    boolean swapped =
        finder.isFoundSwapped(request.getLatitudes(i), request.getLongitudes(i), time(i));
    return part(PositionAnswer.newBuilder().setError(error).setSwappedFound(swapped).build());
  }

  private static Part refusal(StatusRuntimeException refusal) {
    Status error = Objects.requireNonNull(StatusProto.fromThrowable(refusal));
    return part(PositionAnswer.newBuilder().setError(error).build());
  }

  private static Part part(PositionAnswer message) {
    return new MessagePart(LocateBatchResponse.ANSWERS_FIELD_NUMBER, message);
  }

  /** Adds the answer for what the finder holds. */
  private void addFound() {
    FoundAreas found = finder.areas();
    int count = found.count();
    boolean plain = finder.certainties().isEmpty() && !finder.isSwappedFound();
    for (int i = 0; i < count && plain; i++) {
      plain = Double.isNaN(found.distance(i));
    }
    if (!plain) {
      answers.add(part(message()));
      return;
    }
    if (count > matches.length) {
      matches = new int[2 * count];
    }
    for (int i = 0; i < count; i++) {
      int border = found.match(i) == Match.MATCH_BORDER ? 1 : 0;
      matches[i] = number(found, i) << 1 | border;
    }
    answers.addMatches(matches, count);
  }

  private PositionAnswer message() {
    PositionAnswer.Builder message =
        PositionAnswer.newBuilder()
            .addAllCertainties(finder.certainties())
            .setSwappedFound(finder.isSwappedFound());
    for (int i = 0; i < finder.areas().count(); i++) {
      message.addAreas(match(finder.areas(), i));
    }
    for (int i = 0; i < finder.possible().count(); i++) {
      message.addPossibleAreas(match(finder.possible(), i));
    }
    return message.build();
  }

  private AreaMatch match(FoundAreas areas, int i) {
    AreaMatch.Builder match =
        AreaMatch.newBuilder().setAreaIndex(number(areas, i)).setMatch(areas.match(i));
    if (!Double.isNaN(areas.distance(i))) {
      match.setDistanceM(areas.distance(i));
    }
    return match.build();
  }

  private int number(FoundAreas found, int i) {
    int before = numbers.count();
    int number = numbers.of(found.layer(i), found.ordinal(i));
    if (number == before) {
      areas.add(parts.bytes(found.layer(i), found.ordinal(i)));
    }
    return number;
  }

  /** What one layer's index says of the positions of a chunk. */
  private static final class ChunkHits implements AreaIndex.BatchConsumer {
    private final Hits hits = new Hits();
    private final int[] start;
    private int last = -1;

    ChunkHits(int positions) {
      start = new int[positions + 1];
    }

    @Override
    public void accept(int index, int ordinal, boolean border) {
      while (last < index) {
        start[++last] = hits.count();
      }
      hits.accept(ordinal, border);
    }

    void end() {
      while (last < start.length - 1) {
        start[++last] = hits.count();
      }
    }

    void give(int position, int layer, PositionFinder finder) {
      hits.sort(start[position], start[position + 1]);
      finder.take(layer, hits, start[position], start[position + 1]);
    }
  }
}
