package geosearch;

import geosearch.original.SearchGrpc;
import geosearch.original.SearchRequest;
import geosearch.original.SearchResponse;
import geosearch.original.SearchResponses;
import io.grpc.Channel;
import java.util.List;

/** What a client of the original is answered. */
final class Answers {
  private Answers() {}

  static List<String> search(Channel channel, float lat, float lng) {
    return texts(SearchGrpc.newBlockingStub(channel).search(request(lat, lng)));
  }

  static List<String> searchThing(Channel channel, float lat, float lng) {
    return texts(SearchGrpc.newBlockingStub(channel).searchThing(request(lat, lng)));
  }

  private static SearchRequest request(float lat, float lng) {
    return SearchRequest.newBuilder().setLat(lat).setLng(lng).build();
  }

  private static List<String> texts(SearchResponses responses) {
    return responses.getResponsesList().stream().map(SearchResponse::getResponse).toList();
  }
}
