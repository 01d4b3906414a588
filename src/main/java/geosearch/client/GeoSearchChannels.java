package geosearch.client;

import com.google.gson.Gson;
import com.google.gson.reflect.TypeToken;
import io.grpc.ManagedChannelBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Channels to servers, made for them to come and go: calls go round all that there are, one that
 * only reads is sent again where a server can't answer it, and a connection that is dead without a
 * word is noticed.
 *
 * <pre>{@code
 * ManagedChannel channel =
 *     GeoSearchChannels.forTarget("consul:///search-service").usePlaintext().build();
 * var answer =
 *     GeoSearchGrpc.newBlockingStub(channel).withDeadlineAfter(2, SECONDS).locate(request);
 * }</pre>
 *
 * <p>One channel is enough for a process; it is safe for use by several threads.
 */
public final class GeoSearchChannels {

  private static final String SERVICE_CONFIG = "service-config.json";

  /** The most often that a server allows as it is delivered. */
  private static final Duration KEEPALIVE = Duration.ofSeconds(10);

  private static final Duration KEEPALIVE_TIMEOUT = Duration.ofSeconds(5);

  /** An outline may have five million vertices; as GeoJSON, each takes up to fifty bytes. */
  private static final int MAX_ANSWER_BYTES = 256 << 20;

  private GeoSearchChannels() {}

  /**
   * A builder of a channel, to go on with: it says nothing of encryption yet.
   *
   * @param target as grpc-java has it: {@code consul:///search-service}, {@code
   *     consul://agent:8500/search-service}, {@code dns:///areas.example.org:50051}
   */
  public static ManagedChannelBuilder<?> forTarget(String target) {
    return configure(ManagedChannelBuilder.forTarget(target));
  }

  /** Gives a builder that was made otherwise the same settings, and returns it. */
  public static <B extends ManagedChannelBuilder<?>> B configure(B builder) {
    builder.defaultServiceConfig(serviceConfig());
    builder.enableRetry();
    builder.keepAliveTime(KEEPALIVE.toSeconds(), TimeUnit.SECONDS);
    builder.keepAliveTimeout(KEEPALIVE_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    builder.maxInboundMessageSize(MAX_ANSWER_BYTES);
    return builder;
  }

  /**
   * What {@code service-config.json} beside this class says, which clients in other languages may
   * use as well: calls go round the servers, and what only reads is tried up to four times where
   * the answer is UNAVAILABLE.
   */
  public static Map<String, ?> serviceConfig() {
    return ServiceConfig.CONTENT;
  }

  /** Read when it is first asked for. */
  private static final class ServiceConfig {

    static final Map<String, ?> CONTENT = read();

    private static Map<String, ?> read() {
      try (InputStream json = GeoSearchChannels.class.getResourceAsStream(SERVICE_CONFIG)) {
        if (json == null) {
          throw new IllegalStateException("the resource " + SERVICE_CONFIG + " is missing");
        }
        return new Gson()
            .fromJson(
                new InputStreamReader(json, StandardCharsets.UTF_8),
                new TypeToken<Map<String, Object>>() {}.getType());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
