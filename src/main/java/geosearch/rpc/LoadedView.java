package geosearch.rpc;

import geosearch.atlas.Atlas;
import geosearch.atlas.View;

/** What the server knows, for services that can't answer before it knows something. */
final class LoadedView {

  private LoadedView() {}

  /**
   * What the atlas knows now.
   *
   * @throws io.grpc.StatusRuntimeException UNAVAILABLE before the first load has ended
   */
  static View of(Atlas atlas) {
    return atlas
        .view()
        .orElseThrow(
            () -> Details.unavailable("the areas are not loaded yet; try again in a moment"));
  }
}
