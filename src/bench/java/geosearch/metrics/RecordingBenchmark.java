package geosearch.metrics;

import geosearch.config.StatsdConfig;
import geosearch.metrics.Metrics.CallRecorder;
import geosearch.metrics.Metrics.LookupRecorder;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What a request pays for its metrics, beside a counter and a timer of Micrometer's registry. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RecordingBenchmark {

  private DatagramSocket server;
  private Metrics metrics;
  private Metrics off;
  private CallRecorder calls;
  private CallRecorder callsOff;
  private LookupRecorder lookups;
  private Counter plainCounter;
  private Timer plainTimer;

  @Setup
  public void open() throws SocketException {
    server = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    metrics = Metrics.create(config("127.0.0.1"));
    off = Metrics.create(config(""));
    calls = metrics.calls("Search", "search");
    callsOff = off.calls("Search", "search");
    lookups = metrics.lookups("commune");
    plainCounter = metrics.registry().counter("plain.count");
    plainTimer = metrics.registry().timer("plain");
  }

  private StatsdConfig config(String host) {
    return new StatsdConfig(host, server.getLocalPort(), "", Duration.ofSeconds(10), 100);
  }

  @TearDown
  public void close() {
    metrics.close();
    off.close();
    server.close();
  }

  @Benchmark
  public void call() {
    calls.record("OK", 12_345);
  }

  @Benchmark
  public void callWhileOff() {
    callsOff.record("OK", 12_345);
  }

  @Benchmark
  public void lookup() {
    lookups.record(true);
  }

  @Benchmark
  public void micrometersCounterAndTimer() {
    plainCounter.increment();
    plainTimer.record(12_345, TimeUnit.NANOSECONDS);
  }
}
