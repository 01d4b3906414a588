package geosearch.rpc;

import static geosearch.rpc.Layers.box;
import static org.junit.jupiter.api.Assertions.assertEquals;

import geosearch.atlas.Snapshot;
import geosearch.geo.Area;
import geosearch.geo.Validity;
import geosearch.metrics.Metrics;
import geosearch.v1.AreaMatch;
import geosearch.v1.AttributeSelection;
import geosearch.v1.Certainty;
import geosearch.v1.LocateBatchResponse;
import geosearch.v1.LocateOptions;
import geosearch.v1.LocateResponse;
import geosearch.v1.LocatedArea;
import geosearch.v1.Match;
import geosearch.v1.PositionAnswer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerTest {

  private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");
  private static final String[] TEXTS = {"", "a", "Nîmes", "東京都", "\uD83D\uDDFA", "x".repeat(200)};

  private static final LocateOptions[] OPTIONS = {
    LocateOptions.getDefaultInstance(),
    LocateOptions.newBuilder().setAttributes(AttributeSelection.getDefaultInstance()).build(),
    LocateOptions.newBuilder()
        .setAttributes(AttributeSelection.newBuilder().addKeys("k1").addKeys("none").addKeys("k1"))
        .build()
  };

  private final Random random = new Random(7);
  private final AnsweredLayers answered =
      new AnsweredLayers(new Metrics(new SimpleMeterRegistry()));

  private String text() {
    return TEXTS[random.nextInt(TEXTS.length)];
  }

  private Area area(int number) {
    Map<String, String> attributes = new HashMap<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      attributes.put("k" + i, text());
    }
    Validity validity =
        new Validity(
            random.nextBoolean()
                ? Optional.of(NOW.minusNanos(random.nextLong(1L << 60)))
                : Optional.empty(),
            random.nextBoolean()
                ? Optional.of(NOW.plusSeconds(random.nextInt(9)))
                : Optional.empty());
    boolean plain = random.nextBoolean();
    return new Area(
        number + text(),
        text(),
        plain ? Map.of() : attributes,
        0,
        plain ? Validity.ALWAYS : validity);
  }

  private Snapshot snapshot(int areas) {
    Layers made = Layers.imported("läyer" + text()).version(text());
    for (int i = 0; i < areas; i++) {
      made.area(area(i), box(0, 0, 1, i + 1));
    }
    Snapshot snapshot = made.snapshot();
    return new Snapshot(
        snapshot.layer(),
        snapshot.index(),
        random.nextLong(),
        random.nextInt(2),
        NOW.minus(Duration.ofMillis(random.nextInt(5_000) - 1_000)));
  }

  @Test
  void toBytes_ofAnyArea_areThoseOfTheMessage() throws Exception {
    for (int round = 0; round < 200; round++) {
      List<Snapshot> snapshots = List.of(snapshot(20), snapshot(20));
      FoundAreas found = new FoundAreas();
      for (int i = 0; i < 20; i++) {
        found.add(
            random.nextInt(2),
            i,
            Match.forNumber(random.nextInt(1, 5)),
            random.nextBoolean() ? Double.NaN : random.nextInt(3));
      }
      LocateOptions options = OPTIONS[round % OPTIONS.length];
      LocateResponse.Builder expected =
          LocateResponse.newBuilder().addCertainties(Certainty.CERTAINTY_CERTAIN);
      Answer answer = new Answer(expected.build());

      List<AnsweredLayer> layers = answered.of(snapshots);
      AreaParts areas = new AreaParts(layers, options);
      LocatedPart.addTo(answer, LocateResponse.POSSIBLE_AREAS_FIELD_NUMBER, areas, found);
      for (AnsweredLayer layer : layers) {
        answer.add(new LayerPart(LocateResponse.LAYERS_FIELD_NUMBER, layer, NOW));
        expected.addLayers(AreaMessages.state(layer.snapshot(), NOW));
      }

      for (int i = 0; i < found.count(); i++) {
        LocatedArea.Builder area =
            LocatedArea.newBuilder()
                .setArea(
                    AreaMessages.area(
                        snapshots.get(found.layer(i)),
                        found.ordinal(i),
                        !options.hasAttributes(),
                        options.getAttributes()))
                .setMatch(found.match(i));
        if (!Double.isNaN(found.distance(i))) {
          area.setDistanceM(found.distance(i));
        }
        expected.addPossibleAreas(area);
      }
      assertEquals(expected.build(), LocateResponse.parseFrom(answer.toBytes()));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 127, 128, 9_999, Integer.MAX_VALUE >> 1})
  void toBytes_ofMatches_areThoseOfTheMessage(int number) throws Exception {
    Answer answer = new Answer(LocateBatchResponse.getDefaultInstance());

    WrittenParts answers = new WrittenParts(LocateBatchResponse.ANSWERS_FIELD_NUMBER);
    answers.addMatches(new int[] {number << 1, 1, 77}, 2);
    answers.addMatches(new int[0], 0);
    answer.add(answers);

    PositionAnswer first =
        PositionAnswer.newBuilder()
            .addAreas(AreaMatch.newBuilder().setAreaIndex(number).setMatch(Match.MATCH_INSIDE))
            .addAreas(AreaMatch.newBuilder().setMatch(Match.MATCH_BORDER))
            .build();
    assertEquals(
        LocateBatchResponse.newBuilder()
            .addAnswers(first)
            .addAnswers(PositionAnswer.getDefaultInstance())
            .build(),
        LocateBatchResponse.parseFrom(answer.toBytes()));
  }
}
