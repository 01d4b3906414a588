package geosearch.cli;

import geosearch.admin.v1.AcceptLayerRequest;
import geosearch.admin.v1.AcceptStoreRequest;
import geosearch.admin.v1.AdministrationGrpc;
import geosearch.admin.v1.AdministrationGrpc.AdministrationBlockingStub;
import geosearch.admin.v1.DatasetName;
import geosearch.admin.v1.DeleteLayerRequest;
import geosearch.admin.v1.ExportLayerRequest;
import geosearch.admin.v1.ExportLayerResponse;
import geosearch.admin.v1.KeepDatasetRequest;
import geosearch.admin.v1.ListDatasetsRequest;
import geosearch.geo.Area;
import geosearch.load.ImportRefusedException;
import geosearch.load.ImportReport;
import geosearch.load.ImportRequest;
import geosearch.load.ImportSource;
import geosearch.load.Importer;
import geosearch.rpc.AdministrationEndpoint;
import geosearch.store.AreaSink;
import geosearch.store.Dataset;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.locationtech.jts.io.ParseException;
import org.locationtech.jts.io.WKBReader;

/** Administers the store of a server that runs on this machine. */
final class RemoteAdministration implements Administration {

  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final Duration GREETING_TIMEOUT = Duration.ofSeconds(5);

  /** Whoever answers so is not the server that left the file, or there is nobody. */
  private static final Set<Status.Code> NOBODY =
      Set.of(
          Status.Code.UNAVAILABLE,
          Status.Code.UNAUTHENTICATED,
          Status.Code.UNIMPLEMENTED,
          Status.Code.DEADLINE_EXCEEDED);

  private final AdministrationEndpoint endpoint;
  private final ManagedChannel channel;

  private RemoteAdministration(AdministrationEndpoint endpoint) {
    this.endpoint = endpoint;
    this.channel = endpoint.connect();
  }

  /** Asks the server that left this whether it is there; nothing if it is not. */
  static Optional<Administration> greet(AdministrationEndpoint endpoint) {
    if (!endpoint.isAlive()) {
      return Optional.empty();
    }
    RemoteAdministration administration = new RemoteAdministration(endpoint);
    try {
      AdministrationGrpc.newBlockingStub(administration.channel)
          .withDeadlineAfter(GREETING_TIMEOUT)
          .listDatasets(ListDatasetsRequest.getDefaultInstance());
      return Optional.of(administration);
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Status.Code.FAILED_PRECONDITION) {
        // It is there, and its store is not the one that it served.
        return Optional.of(administration);
      }
      administration.close();
      if (NOBODY.contains(e.getStatus().getCode())) {
        return Optional.empty();
      }
      throw administration.failure(e);
    }
  }

  @Override
  public String description() {
    return "the running server (process " + endpoint.pid() + ")";
  }

  @Override
  public ImportReport importFiles(
      ImportRequest request, List<ImportSource> sources, Importer.Progress progress)
      throws ImportRefusedException, IOException, InterruptedException {
    try {
      return Upload.run(AdministrationGrpc.newStub(channel), request, sources, progress);
    } catch (StatusRuntimeException e) {
      throw e.getStatus().getCode() == Status.Code.UNAVAILABLE
          ? new CommandException(
              ExitCode.UNAVAILABLE,
              "the server went away before it said how the import ended (%s); `geosearch datasets` shows whether it is there"
                  .formatted(e.getStatus().getDescription()),
              e)
          : failure(e);
    }
  }

  @Override
  public void export(String layer, AreaSink sink) {
    WKBReader outlines = new WKBReader();
    try {
      // Without a deadline: as long as the server sends, it is there.
      AdministrationGrpc.newBlockingStub(channel)
          .exportLayer(ExportLayerRequest.newBuilder().setLayer(layer).build())
          .forEachRemaining(each -> accept(each, outlines, sink));
    } catch (StatusRuntimeException e) {
      throw failure(e);
    }
  }

  private static void accept(ExportLayerResponse each, WKBReader outlines, AreaSink sink) {
    Area area = new Area(each.getId(), each.getName(), each.getAttributesMap());
    try {
      sink.accept(area, outlines.read(each.getWkb().toByteArray()));
    } catch (ParseException e) {
      throw new CommandException(
          ExitCode.FAILED, "the server sent an outline that can't be read: area " + area.id(), e);
    }
  }

  @Override
  public List<Dataset> list() {
    return call(stub -> stub.listDatasets(ListDatasetsRequest.getDefaultInstance()))
        .getDatasetsList()
        .stream()
        .map(AdministrationMessages::dataset)
        .toList();
  }

  @Override
  public Dataset activate(String layer, long version) {
    return AdministrationMessages.dataset(call(stub -> stub.activateDataset(name(layer, version))));
  }

  @Override
  public void delete(String layer, long version) {
    call(stub -> stub.deleteDataset(name(layer, version)));
  }

  @Override
  public void deleteLayer(String layer) {
    call(stub -> stub.deleteLayer(DeleteLayerRequest.newBuilder().setLayer(layer).build()));
  }

  @Override
  public Dataset keep(String layer, long version, boolean keep) {
    KeepDatasetRequest request =
        KeepDatasetRequest.newBuilder().setName(name(layer, version)).setKeep(keep).build();
    return AdministrationMessages.dataset(call(stub -> stub.keepDataset(request)));
  }

  @Override
  public void accept(String layer) {
    call(stub -> stub.acceptLayer(AcceptLayerRequest.newBuilder().setLayer(layer).build()));
  }

  @Override
  public void acceptStore() {
    call(stub -> stub.acceptStore(AcceptStoreRequest.getDefaultInstance()));
  }

  private static DatasetName name(String layer, long version) {
    return DatasetName.newBuilder().setLayer(layer).setVersion(version).build();
  }

  private <T> T call(Function<AdministrationBlockingStub, T> call) {
    try {
      return call.apply(AdministrationGrpc.newBlockingStub(channel).withDeadlineAfter(TIMEOUT));
    } catch (StatusRuntimeException e) {
      throw failure(e);
    }
  }

  private CommandException failure(StatusRuntimeException e) {
    return RemoteFailure.of(e, endpoint.toString(), TIMEOUT);
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
