package geosearch.config;

import geosearch.config.ConfigException.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Makes the checked records of the values that were gathered. */
final class ConfigBinder implements Section.Listener {

  private final Overlay overlay;
  private final Optional<Path> dataFolder;
  private final List<Setting> settings = new ArrayList<>();
  private final Map<String, Problem> problems = new LinkedHashMap<>();

  /**
   * @param dataFolder the folder of the embedded store where none is named
   */
  ConfigBinder(Overlay overlay, Optional<Path> dataFolder) {
    this.overlay = overlay;
    this.dataFolder = dataFolder;
  }

  /** What is in force, in the order of the file of all settings. */
  List<Setting> settings() {
    return settings;
  }

  /** What is wrong. If anything is, what {@link #bind} returned is of no use. */
  List<Problem> problems() {
    return List.copyOf(problems.values());
  }

  Config bind() {
    return new Config(
        section("server", this::server),
        section("stop", this::stop),
        section("store", this::store),
        layers(),
        section("search", this::search),
        section("follow", this::follow),
        section("import", this::imports),
        section("zones", this::zones),
        section("consul", this::consul),
        section("statsd", this::statsd),
        section("log", this::log));
  }

  private ServerConfig server(Section in) {
    return new ServerConfig(
        in.text("address"),
        in.integer("port"),
        in.bool("reflection"),
        in.bytes("max-message-size"),
        in.integer("max-concurrent-calls"),
        in.integer("max-cancels-per-second"),
        in.integer("max-connections"),
        in.bytes("max-metadata-size"),
        in.duration("min-keepalive-interval"),
        in.duration("max-connection-age"),
        in.duration("max-connection-age-grace"),
        in.duration("max-connection-idle"),
        in.duration("handshake-timeout"),
        in.duration("max-request-time"),
        in.duration("max-unread-time"),
        in.duration("max-call-time"),
        in.integer("store-threads"));
  }

  private StopConfig stop(Section in) {
    return new StopConfig(
        in.duration("deregister-timeout"),
        in.duration("drain-delay"),
        in.duration("grace"),
        in.duration("close-timeout"));
  }

  private StoreConfig store(Section in) {
    Path folder = in.path("folder", dataFolder.orElse(Path.of("")));
    StoreConfig store =
        new StoreConfig(
            folder,
            in.path("template"),
            in.text("identity"),
            section("store.postgis", this::postgis));
    if (!store.usesPostgis() && folder.toString().isEmpty()) {
      wrong(
          "store.folder",
          "store.folder must be named where neither XDG_DATA_HOME nor HOME tells where data goes",
          Origin.BUILT_IN);
    }
    return store;
  }

  private PostgisConfig postgis(Section in) {
    return new PostgisConfig(
        in.text("host"),
        in.integer("port"),
        in.text("database"),
        in.text("user"),
        in.secret("password"),
        in.path("password-file"),
        in.text("ssl-mode"),
        in.text("schema"),
        in.integer("pool-size"),
        in.duration("connect-timeout"),
        in.duration("socket-timeout"),
        in.duration("statement-timeout"));
  }

  private SearchConfig search(Section in) {
    return new SearchConfig(
        in.choice("axis-order", SearchConfig.AxisOrder.class),
        in.list("layers"),
        in.integer("max-results"));
  }

  private FollowConfig follow(Section in) {
    return new FollowConfig(
        in.duration("poll-interval"),
        in.duration("retry-delay"),
        in.duration("max-retry-delay"),
        in.integer("max-earlier-vertices"));
  }

  private ImportConfig imports(Section in) {
    return new ImportConfig(
        in.integer("max-vertices"), in.bytes("max-attribute-bytes"), in.duration("http-timeout"));
  }

  private ZonesConfig zones(Section in) {
    return new ZonesConfig(
        in.choice("write", ZonesConfig.Writers.class),
        in.bytes("max-outline-bytes"),
        in.integer("max-vertices"),
        in.integer("max-rings"),
        in.integer("max-attributes"),
        in.integer("max-zones"),
        in.integer("max-collections"),
        in.integer("max-watches"),
        in.duration("keep-revisions"),
        in.duration("keep-request-ids"));
  }

  private ConsulConfig consul(Section in) {
    return new ConsulConfig(
        in.text("host"),
        in.integer("port"),
        in.text("scheme"),
        in.secret("token"),
        in.path("token-file"),
        in.path("ca-file"),
        in.bool("verify-host"),
        in.text("service-name"),
        in.text("service-id"),
        in.text("advertise-address"),
        in.integer("advertise-port"),
        in.list("tags"),
        in.map("meta"),
        in.duration("check-interval"),
        in.duration("check-timeout"),
        in.duration("deregister-critical-after"),
        in.duration("reconcile-interval"),
        in.duration("request-timeout"),
        in.duration("startup-wait"),
        in.bool("register-after-probe"));
  }

  private StatsdConfig statsd(Section in) {
    return new StatsdConfig(
        in.text("host"),
        in.integer("port"),
        in.text("prefix"),
        in.duration("interval"),
        in.integer("max-timings-per-second"));
  }

  private LogConfig log(Section in) {
    return new LogConfig(in.choice("level", LogConfig.Level.class));
  }

  private List<LayerConfig> layers() {
    return new LayerList(this).read(Section.require(overlay.values(), "layers"));
  }

  private <T> T section(String name, Function<Section, T> constructor) {
    return new Section(name, overlay.values(), overlay.defaults(), this).build(constructor);
  }

  @Override
  public void read(String path, String shown, Origin origin) {
    settings.add(new Setting(path, shown, origin));
  }

  /** The first thing that is wrong with a setting counts: others may only follow from it. */
  @Override
  public void wrong(String path, String text, Origin origin) {
    problems.putIfAbsent(path, new Problem(path, text + " (" + origin + ")"));
  }
}
