package geosearch.rpc;

import static geosearch.rpc.Errors.assertFails;
import static geosearch.rpc.Errors.assertRefused;
import static geosearch.rpc.Layers.box;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.rpc.Code;
import geosearch.geo.Area;
import geosearch.geo.Validity;
import geosearch.v1.AreaMatch;
import geosearch.v1.Certainty;
import geosearch.v1.GeoSearchGrpc;
import geosearch.v1.LocateBatchRequest;
import geosearch.v1.LocateBatchResponse;
import geosearch.v1.LocateOptions;
import geosearch.v1.LocateRequest;
import geosearch.v1.LocateResponse;
import geosearch.v1.LocatedArea;
import geosearch.v1.Nearest;
import geosearch.v1.PositionAnswer;
import io.grpc.CallOptions;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LocateBatchTest {

  private GeoSearchServer server;

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  @Test
  void locateBatch_severalPositions_sendsEachAreaOnce() throws Exception {
    server =
        GeoSearchServer.of(
            Layers.imported("zone")
                .area("west", "", box(0, 0, 1, 1))
                .area("east", "", box(1, 0, 2, 1))
                .snapshot());

    LocateBatchResponse response =
        server.stub().locateBatch(batch(0.5, 0.2, 0.5, 0.3, 0.5, 1, 7, 7).build());

    assertEquals(2, response.getAreasCount());
    assertEquals(
        List.of(
            List.of("west MATCH_INSIDE"),
            List.of("west MATCH_INSIDE"),
            List.of("east MATCH_BORDER", "west MATCH_BORDER"),
            List.of()),
        response.getAnswersList().stream().map(answer -> matches(response, answer)).toList());
    assertEquals(1, response.getLayersCount());
    assertEquals(3, server.loopback.count("lookup.zone.hit"));
    assertEquals(1, server.loopback.count("lookup.zone.miss"));
  }

  @Test
  void locateBatch_badPositions_loseNoOther() throws Exception {
    server = GeoSearchServer.of(Layers.imported("zone").area("a", "", box(0, 0, 1, 1)).snapshot());

    LocateBatchResponse response =
        server.stub().locateBatch(batch(91, 0, 0.5, 0.5, Double.NaN, 181, 0.5, 0.5).build());

    assertEquals(
        List.of(false, true, false, true),
        response.getAnswersList().stream().map(answer -> !answer.hasError()).toList());
    assertEquals(Code.INVALID_ARGUMENT_VALUE, response.getAnswers(0).getError().getCode());
    assertEquals(
        "latitudes[0]: must be from -90 to 90 degrees, not 91.0",
        response.getAnswers(0).getError().getMessage());
    assertEquals(1, response.getAnswers(0).getError().getDetailsCount());
    assertTrue(response.getAnswers(2).getError().getMessage().contains("longitudes[2]"));
    assertEquals(List.of("a MATCH_INSIDE"), matches(response, response.getAnswers(3)));
  }

  @Test
  void locateBatch_exchangedWouldBeFound_saysSoForThatPosition() throws Exception {
    server =
        GeoSearchServer.of(Layers.imported("zone").area("a", "", box(2, 50, 3, 51)).snapshot());

    LocateBatchResponse response =
        server.stub().locateBatch(batch(50.5, 2.5, 2.5, 50.5, 10, 10).build());

    assertEquals(
        List.of(false, true, false),
        response.getAnswersList().stream().map(PositionAnswer::getSwappedFound).toList());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void locateBatch_outOfRangeAndExchangedWouldBeFound_saysSoWithThatError(boolean oneByOne)
      throws Exception {
    server =
        GeoSearchServer.of(
            Layers.imported("country").area("JP", "", box(138, 34, 140, 36)).snapshot());
    LocateBatchRequest.Builder request =
        batch(139, 35, 120, 10, 200, 139, Double.NaN, 139, 35, 139);
    if (oneByOne) {
      request.addAllAccuraciesM(Collections.nCopies(5, 1.0));
    }

    LocateBatchResponse response = server.stub().locateBatch(request.build());

    assertEquals(
        List.of(true, true, true, true, false),
        response.getAnswersList().stream().map(PositionAnswer::hasError).toList());
    assertEquals(
        List.of(true, false, false, false, false),
        response.getAnswersList().stream().map(PositionAnswer::getSwappedFound).toList());
  }

  @Test
  void locateBatch_columnsOfItsOwn_holdForTheirPositions() throws Exception {
    Instant end = Instant.parse("2025-01-01T00:00:00Z");
    server =
        GeoSearchServer.of(
            Layers.imported("zone")
                .area(
                    new Area(
                        "old", "", Map.of(), 0, new Validity(Optional.empty(), Optional.of(end))),
                    box(0, 0, 1, 1))
                .snapshot());

    LocateBatchResponse response =
        server
            .stub()
            .locateBatch(
                batch(0.5, 0.999, 0.5, 0.999, 0.5, 0.999, 0.5, 0.999)
                    .addAllAccuraciesM(List.of(1000.0, 1.0, -1.0, Double.NaN))
                    .addAllAsOfUnixMs(List.of(1L, 1L, 0L, 1L))
                    .build());

    assertEquals(
        List.of(Certainty.CERTAINTY_AMBIGUOUS), response.getAnswers(0).getCertaintiesList());
    assertEquals(List.of(Certainty.CERTAINTY_CERTAIN), response.getAnswers(1).getCertaintiesList());
    assertEquals(List.of("old MATCH_INSIDE"), matches(response, response.getAnswers(1)));
    assertEquals(List.of(), response.getAnswers(2).getCertaintiesList());
    assertEquals(List.of(), matches(response, response.getAnswers(2)));
    assertEquals(
        "accuracies_m[3]: must be from 0 to 100000 metres, not NaN",
        response.getAnswers(3).getError().getMessage());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4})
  void locateBatch_manyPositions_answersAsLocateDoes(int kind) throws Exception {
    Random random = new Random(5);
    Layers zones = Layers.imported("zone");
    for (int i = 0; i < 60; i++) {
      double west = random.nextInt(20) / 2.0;
      double south = random.nextInt(20) / 2.0;
      zones.area(
          "z" + i,
          "",
          box(west, south, west + 0.5 + random.nextInt(4), south + 0.5 + random.nextInt(4)));
    }
    server =
        GeoSearchServer.of(
            Layers.imported("country").area("C", "", box(-1, -1, 9, 9)).snapshot(),
            zones.snapshot());
    LocateOptions options =
        switch (kind) {
          case 1 -> LocateOptions.newBuilder().setAccuracyM(3_000).build();
          case 2 -> LocateOptions.newBuilder().setBorderDistance(true).build();
          case 3 ->
              LocateOptions.newBuilder()
                  .setNearest(Nearest.newBuilder().setWithinM(60_000).setMaxAreas(3))
                  .build();
          case 4 -> LocateOptions.newBuilder().addLayers("zone").build();
          default -> LocateOptions.getDefaultInstance();
        };
    LocateBatchRequest.Builder request = LocateBatchRequest.newBuilder().setOptions(options);
    for (int i = 0; i < 1_300; i++) {
      request
          .addLatitudes(random.nextInt(-4, 32) / 2.0)
          .addLongitudes(random.nextInt(-4, 32) / 2.0);
    }

    LocateBatchResponse response = server.stub().locateBatch(request.build());

    for (int i = 0; i < request.getLatitudesCount(); i++) {
      LocateResponse one =
          server
              .stub()
              .locate(
                  LocateRequest.newBuilder()
                      .setPosition(
                          GeoSearchServer.at(request.getLatitudes(i), request.getLongitudes(i)))
                      .setOptions(options)
                      .build());
      PositionAnswer answer = response.getAnswers(i);
      assertEquals(one.getAreasList(), located(response, answer.getAreasList()));
      assertEquals(one.getPossibleAreasList(), located(response, answer.getPossibleAreasList()));
      assertEquals(one.getCertaintiesList(), answer.getCertaintiesList());
      assertEquals(one.getSwappedFound(), answer.getSwappedFound());
    }
  }

  @Test
  void locateBatch_impossible_isRefusedAsAWhole() throws Exception {
    server = GeoSearchServer.of(Layers.imported("zone").snapshot());
    LocateBatchRequest.Builder many = LocateBatchRequest.newBuilder();
    for (int i = 0; i <= 10_000; i++) {
      many.addLatitudes(1).addLongitudes(1);
    }

    assertEquals(
        Map.of("latitudes", "must be from 1 to 10000, not 10001"),
        assertRefused(() -> server.stub().locateBatch(many.build())));
    assertEquals(
        Map.of("latitudes", "must be from 1 to 10000, not 0"),
        assertRefused(() -> server.stub().locateBatch(LocateBatchRequest.getDefaultInstance())));
    assertEquals(
        Map.of(
            "longitudes", "must be as many as latitudes, 2, not 1",
            "accuracies_m", "must be as many as latitudes, 2, not 1"),
        assertRefused(() ->
            server
                .stub()
                .locateBatch(
                    LocateBatchRequest.newBuilder()
                        .addLatitudes(0)
                        .addLatitudes(0)
                        .addLongitudes(0)
                        .addAccuraciesM(1)
                        .build())));
    assertFalse(server.stub().locateBatch(batch(0, 0).build()).getAnswers(0).hasError());
  }

  /** What is large is read later than what is small, and what is packed at once. */
  @ParameterizedTest
  @CsvSource({"10, identity", "1000, identity", "10, gzip", "1000, gzip"})
  void locateBatch_noMessage_isRefusedWhateverItsSize(int positions, String compression)
      throws Exception {
    server = GeoSearchServer.of(Layers.imported("zone").snapshot());
    LocateBatchRequest.Builder request = LocateBatchRequest.newBuilder();
    for (int i = 0; i < positions; i++) {
      request.addLatitudes(1).addLongitudes(1);
    }
    byte[] whole = request.build().toByteArray();
    CallOptions options = CallOptions.DEFAULT.withCompression(compression);

    assertFails(
        Status.Code.INVALID_ARGUMENT, () -> send(options, Arrays.copyOf(whole, whole.length - 1)));
    assertEquals(positions, send(options, whole).getAnswersCount());
  }

  private LocateBatchResponse send(CallOptions options, byte[] request) {
    return ClientCalls.blockingUnaryCall(
        server.stub().getChannel(),
        RawRequests.of(GeoSearchGrpc.getLocateBatchMethod()),
        options,
        request);
  }

  private static LocateBatchRequest.Builder batch(double... coordinates) {
    LocateBatchRequest.Builder request = LocateBatchRequest.newBuilder();
    for (int i = 0; i < coordinates.length; i += 2) {
      request.addLatitudes(coordinates[i]).addLongitudes(coordinates[i + 1]);
    }
    return request;
  }

  private static List<String> matches(LocateBatchResponse response, PositionAnswer answer) {
    return answer.getAreasList().stream()
        .map(match -> response.getAreas(match.getAreaIndex()).getId() + " " + match.getMatch())
        .toList();
  }

  private static List<LocatedArea> located(LocateBatchResponse response, List<AreaMatch> matches) {
    List<LocatedArea> located = new ArrayList<>();
    for (AreaMatch match : matches) {
      LocatedArea.Builder area =
          LocatedArea.newBuilder()
              .setArea(response.getAreas(match.getAreaIndex()))
              .setMatch(match.getMatch());
      if (match.hasDistanceM()) {
        area.setDistanceM(match.getDistanceM());
      }
      located.add(area.build());
    }
    return located;
  }
}
