package geosearch.load;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A file behind an http or https address. Redirects are followed, though not from https to http;
 * proxies are those of the JDK (system properties {@code https.proxyHost} and so on).
 */
final class HttpSource implements ImportSource {

  private static final int OK = 200;
  private static final int REDIRECTIONS = 3;

  private final URI address;
  private final Duration timeout;
  private volatile OptionalLong length = OptionalLong.empty();

  /**
   * @param timeout how long the other side may be silent
   */
  HttpSource(URI address, Duration timeout) {
    this.address = address;
    this.timeout = timeout;
  }

  /** The address without its query, which may hold a key. */
  @Override
  public String name() {
    return address.toString().replaceFirst("[?#].*", "");
  }

  /** Known once it is open, if the server tells. */
  @Override
  public OptionalLong length() {
    return length;
  }

  @Override
  public InputStream open() throws IOException {
    HttpClient client =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(timeout)
            .build();
    try {
      HttpResponse<InputStream> response = send(client);
      if (response.statusCode() != OK) {
        throw new IOException(describe(response.statusCode()));
      }
      length = response.headers().firstValueAsLong("Content-Length");
      return response.body();
    } catch (IOException | RuntimeException e) {
      client.shutdownNow();
      throw e;
    }
  }

  private HttpResponse<InputStream> send(HttpClient client) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(address)
            .header("Accept", "application/geo+json, application/json, */*")
            .header("User-Agent", "geosearch")
            .build();
    CompletableFuture<HttpResponse<InputStream>> response =
        client.sendAsync(request, info -> new HttpBody(timeout, client::shutdownNow));
    try {
      // The request's own time-out is not used: later JDKs count the whole body in.
      return response.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IOException("no answer within %d ms".formatted(timeout.toMillis()), e);
    } catch (ExecutionException e) {
      throw new IOException(describe(e.getCause() == null ? e : e.getCause()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  private static String describe(int status) {
    return status / 100 == REDIRECTIONS
        ? "the server answered with status %d, a redirection that is not followed".formatted(status)
        : "the server answered with status %d".formatted(status);
  }

  private static String describe(Throwable failure) {
    for (Throwable e = failure; e != null; e = e.getCause()) {
      if (e instanceof UnresolvedAddressException) {
        return "the host is not known";
      }
    }
    if (failure instanceof ConnectException) {
      return "the host can't be reached";
    }
    return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
  }
}
