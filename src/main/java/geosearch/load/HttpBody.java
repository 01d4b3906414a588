package geosearch.load;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer as a stream that gives up when the other side is silent, which the JDK's
 * own never does. Read by one thread; the next piece is asked for when the one before is used up.
 */
final class HttpBody extends InputStream implements HttpResponse.BodySubscriber<InputStream> {

  private final Duration timeout;
  private final Runnable onClose;
  private final BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();
  private final Queue<ByteBuffer> buffers = new ArrayDeque<>();
  private volatile Flow.@Nullable Subscription subscription;
  private boolean ended;

  /** Some bytes, or the end, with what ended it too early. */
  private record Piece(List<ByteBuffer> buffers, boolean last, @Nullable Throwable failure) {}

  /**
   * @param timeout how long the other side may be silent
   * @param onClose run when the stream is closed
   */
  HttpBody(Duration timeout, Runnable onClose) {
    this.timeout = timeout;
    this.onClose = onClose;
  }

  @Override
  public CompletionStage<InputStream> getBody() {
    return CompletableFuture.completedStage(this);
  }

  @Override
  public void onSubscribe(Flow.Subscription newSubscription) {
    subscription = newSubscription;
    newSubscription.request(1);
  }

  @Override
  public void onNext(List<ByteBuffer> newBuffers) {
    pieces.add(new Piece(newBuffers, false, null));
  }

  @Override
  public void onError(Throwable failure) {
    pieces.add(new Piece(List.of(), true, failure));
  }

  @Override
  public void onComplete() {
    pieces.add(new Piece(List.of(), true, null));
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, buffer.length);
    if (length == 0) {
      return 0;
    }
    while (buffers.isEmpty()) {
      if (ended) {
        return -1;
      }
      receive();
    }
    ByteBuffer next = buffers.element();
    int count = Math.min(length, next.remaining());
    next.get(buffer, offset, count);
    dropEmpty();
    return count;
  }

  @Override
  public void close() {
    Flow.Subscription current = subscription;
    if (current != null) {
      current.cancel();
    }
    onClose.run();
  }

  private void receive() throws IOException {
    Piece piece = poll();
    if (piece == null) {
      throw new IOException("silent for %d ms".formatted(timeout.toMillis()));
    }
    if (piece.failure() != null) {
      throw new IOException("the connection broke off: " + piece.failure().getMessage());
    }
    ended = piece.last();
    buffers.addAll(piece.buffers());
    dropEmpty();
    Flow.Subscription current = subscription;
    if (!ended && current != null) {
      current.request(1);
    }
  }

  private @Nullable Piece poll() throws InterruptedIOException {
    try {
      return pieces.poll(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  private void dropEmpty() {
    while (!buffers.isEmpty() && !buffers.element().hasRemaining()) {
      buffers.remove();
    }
  }
}
