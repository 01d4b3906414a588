package geosearch.discovery;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import geosearch.config.ConsulConfig;
import geosearch.discovery.Registration.Found;
import geosearch.health.Readiness;
import geosearch.metrics.Metrics;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the server registered in Consul while it is ready, and out of it while it is not.
 *
 * <p>A thread of its own talks to the agent. It is woken by each change of readiness, and by itself
 * looks every few seconds whether the agent still has what it should have: an agent that starts
 * anew without its data, or that gave up a service that was critical for long, has forgotten it. An
 * agent that does not answer changes nothing but the log, the metrics {@code consul.registered} and
 * {@code consul.passing}, and what the listener is told.
 *
 * <p>It may have to wait for an event before it registers the server for the first time ({@link
 * ConsulConfig#registerAfterProbe}).
 *
 * <p>It adds the condition {@code consul} to the readiness, which is met once the agent has
 * answered in whatever way, or the start has waited long enough for it.
 */
public final class ConsulRegistration implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ConsulRegistration.class);

  private static final Duration FIRST_RETRY = Duration.ofMillis(500);
  private static final Duration END_WAIT = Duration.ofSeconds(1);

  private final ConsulConfig config;
  private final String agentName;
  private final Instance instance;
  private final Readiness readiness;
  private final Readiness.Condition answeredOnce;
  private final CompletableFuture<Void> mayRegister;
  private final Consumer<Boolean> registeredListener;
  private final ConsulAgent agent;

  private final Semaphore wakeUps = new Semaphore(0);
  private final CompletableFuture<Boolean> answered = new CompletableFuture<>();
  private final CompletableFuture<Boolean> gone = new CompletableFuture<>();
  private volatile boolean leaving;
  private volatile boolean ended;
  private volatile boolean registered;
  private volatile boolean passing;
  private @Nullable Thread thread;

  // Of the thread alone.
  private @Nullable Registration last;
  private String lastToken = "";
  private boolean disturbed;
  private String trouble = "";
  private int failures;

  /**
   * Nothing is sent before {@link #start}, but the readiness waits for Consul from now on.
   *
   * @param config of an agent that {@linkplain ConsulConfig#isOn is named}
   * @param probed is completed once somebody was told that the server is ready; looked at if the
   *     settings say so
   * @param registeredListener is told whether the server is known to be registered: at the start,
   *     and then at each change; must not block
   */
  public ConsulRegistration(
      ConsulConfig config,
      Instance instance,
      Readiness readiness,
      CompletableFuture<Void> probed,
      Metrics metrics,
      Consumer<Boolean> registeredListener) {
    this.config = config;
    this.agentName = config.host() + ":" + config.port();
    this.instance = instance;
    this.readiness = readiness;
    this.mayRegister =
        config.registerAfterProbe() ? probed : CompletableFuture.completedFuture(null);
    this.answeredOnce = readiness.condition("consul");
    this.registeredListener = registeredListener;
    this.agent = new ConsulAgent(config);
    metrics.gauge("consul.registered", () -> registered ? 1 : 0);
    metrics.gauge("consul.passing", () -> registered && passing ? 1 : 0);
  }

  /** Begins to follow the readiness. Once only, and when the server's port is known. */
  public void start() {
    registeredListener.accept(false);
    var _ =
        answered
            .completeOnTimeout(false, config.startupWait().toMillis(), MILLISECONDS)
            .thenAccept(this::endStartupWait);
    readiness.addListener(ready -> wakeUps.release());
    var _ = mayRegister.thenRun(wakeUps::release);
    thread = Thread.ofPlatform().daemon().name("consul").start(this::follow);
  }

  private void endStartupWait(boolean inTime) {
    if (!inTime) {
      log.warn(
          "Consul's agent at {} has not answered within {} ms: the start does not wait for it any"
              + " longer",
          agentName,
          config.startupWait().toMillis());
    }
    answeredOnce.set(true);
  }

  /**
   * Takes the server out of Consul for good, whatever the readiness.
   *
   * @param atMost how long to wait for the agent
   * @return whether it is out; where it is not, Consul's own check will find out
   */
  public boolean deregister(Duration atMost) {
    leaving = true;
    wakeUps.release();
    if (thread == null) {
      return true;
    }
    try {
      return gone.get(atMost.toMillis(), MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      log.warn(
          "Consul's agent at {} did not take the server out within {} ms; its check will",
          agentName,
          atMost.toMillis());
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Ends; {@linkplain #deregister deregisters} before that, if nobody has tried to. */
  @Override
  public void close() {
    if (!leaving) {
      deregister(config.requestTimeout());
    }
    ended = true;
    wakeUps.release();
    agent.close();
    if (thread != null) {
      try {
        var _ = thread.join(END_WAIT);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void follow() {
    try {
      while (!ended && !gone.isDone()) {
        wakeUps.drainPermits();
        Duration pause = step();
        var _ = wakeUps.tryAcquire(pause.toMillis(), MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Does what is to be done now, and says how long there is nothing more to do. */
  private Duration step() {
    boolean leave = leaving;
    try {
      if (readiness.isReady() && mayRegister.isDone() && !leave) {
        reconcile();
      } else {
        release();
      }
      endTrouble();
      if (leave) {
        gone.complete(true);
      }
      return jittered(config.reconcileInterval());
    } catch (AgentException e) {
      if (e.answered()) {
        answered.complete(true);
      }
      beginTrouble(e.getMessage() + "", e);
    } catch (RuntimeException e) {
      beginTrouble(e.toString(), e);
    }
    return jittered(retryDelay());
  }

  private void reconcile() throws AgentException {
    Optional<Found> found = find();
    Registration wanted = wanted();
    String token = agent.token();
    List<String> differences =
        found.map(wanted::differences).orElse(List.of("the agent does not know it"));
    Registration before = last;
    boolean tokenChanged = !token.equals(lastToken);
    if (before == null || tokenChanged || !differences.isEmpty()) {
      agent.register(wanted);
      logRegistered(wanted, before, tokenChanged, differences);
      last = wanted;
      lastToken = token;
    } else {
      disturbed = false;
    }
    watchCheck(wanted, before == null ? Optional.empty() : found);
    setRegistered(true);
  }

  private void logRegistered(
      Registration wanted,
      @Nullable Registration before,
      boolean tokenChanged,
      List<String> differences) {
    if (before == null) {
      log.info(
          "Registered in Consul at {} as {}: {} at {}:{}",
          agentName,
          wanted.id(),
          wanted.service(),
          wanted.address().isEmpty() ? "the agent's address" : wanted.address(),
          wanted.port());
    } else if (!tokenChanged && wanted.equals(before) && !disturbed) {
      // Two servers under one id would go on like this for ever, and so would the log.
      disturbed = true;
      log.warn(
          "The registration {} in Consul was lost or changed, and has been made again: {}. If that"
              + " goes on, another server may use the same id: see consul.service-id.",
          wanted.id(),
          String.join("; ", differences));
    }
  }

  /** Consul leaves a server whose check fails out of its answers, and nobody else would tell. */
  private void watchCheck(Registration wanted, Optional<Found> found) {
    boolean now = found.map(Found::isPassing).orElse(true);
    if (passing && !now) {
      log.warn(
          "Consul's check of {} fails, so clients do not find this server (is"
              + " consul.advertise-address right?): {}",
          wanted.check().target(),
          found.map(Found::output).orElse(""));
    } else if (!passing && now && registered) {
      log.info("Consul's check of {} passes again", wanted.check().target());
    }
    passing = now;
  }

  private void release() throws AgentException {
    Optional<Found> found = find();
    if (found.isPresent()) {
      Registration ours = last == null ? wanted() : last;
      if (ours.isAt(found.get())) {
        agent.deregister(ours.id());
        log.info("Taken out of Consul: {}", ours.id());
      }
    }
    last = null;
    disturbed = false;
    passing = false;
    setRegistered(false);
  }

  private Optional<Found> find() throws AgentException {
    Optional<Found> found = agent.find(Registration.id(config, instance));
    answered.complete(true);
    return found;
  }

  private Registration wanted() throws AgentException {
    return Registration.of(config, instance, AdvertisedAddress.of(config, instance.address()));
  }

  private void beginTrouble(String reason, Exception e) {
    if (!reason.equals(trouble) && !ended) {
      log.warn(
          "Consul's agent at {}: {}. The server does its work without it, and tries again.",
          agentName,
          reason);
      log.debug("The agent's failure", e);
    }
    trouble = reason;
    failures++;
    setRegistered(false);
  }

  private void endTrouble() {
    if (!trouble.isEmpty()) {
      log.info("Consul's agent at {} does what it is asked again", agentName);
    }
    trouble = "";
    failures = 0;
  }

  private void setRegistered(boolean now) {
    if (registered != now) {
      registered = now;
      registeredListener.accept(now);
    }
  }

  private Duration retryDelay() {
    Duration doubled = FIRST_RETRY.multipliedBy(1L << Math.min(failures - 1, 10));
    return doubled.compareTo(config.reconcileInterval()) < 0 ? doubled : config.reconcileInterval();
  }

  /** Give or take a fifth, so that servers that started together do not ask together. */
  private static Duration jittered(Duration duration) {
    return Duration.ofNanos(
        (long) (duration.toNanos() * ThreadLocalRandom.current().nextDouble(0.8, 1.2)));
  }
}
