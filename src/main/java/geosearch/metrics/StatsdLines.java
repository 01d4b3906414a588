package geosearch.metrics;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Statistic;
import io.micrometer.core.instrument.util.DoubleFormat;
import io.micrometer.statsd.StatsdLineBuilder;
import java.math.BigDecimal;
import java.math.MathContext;
import org.jspecify.annotations.Nullable;

/**
 * The lines of one metric, as Etsy's StatsD reads them. Micrometer's own builder spells names in
 * camel case with the tags behind them, sends a negative gauge as it is, which StatsD takes for a
 * difference, and knows no sample rate.
 */
final class StatsdLines implements StatsdLineBuilder {

  private final String name;

  /**
   * @param prefix put before the name with a dot; may be empty
   * @param name as it is to come out
   */
  StatsdLines(String prefix, String name) {
    this.name = prefix.isEmpty() ? name : prefix + "." + name;
  }

  static StatsdLines of(String prefix, Meter.Id id) {
    return new StatsdLines(prefix, id.getName());
  }

  @Override
  public String count(long amount, @Nullable Statistic statistic) {
    return name(statistic) + ":" + amount + "|c";
  }

  @Override
  public String gauge(double value, @Nullable Statistic statistic) {
    String line = name(statistic) + ":" + DoubleFormat.decimalOrNan(value) + "|g";
    return value < 0 ? name(statistic) + ":0|g\n" + line : line;
  }

  @Override
  public String histogram(double value) {
    return name + ":" + DoubleFormat.decimalOrNan(value) + "|ms";
  }

  @Override
  public String timing(double millis) {
    return name + ":" + DoubleFormat.decimalOrNan(millis) + "|ms";
  }

  /**
   * One timing.
   *
   * @param rate as {@link #rate} has it
   */
  String timing(long nanos, String rate) {
    return name + ":" + BigDecimal.valueOf(nanos, 6).toPlainString() + "|ms" + rate;
  }

  /** What stands behind each of the timings that were kept of a number of them. */
  static String rate(long kept, long all) {
    return kept == all
        ? ""
        : "|@"
            + BigDecimal.valueOf(kept)
                .divide(BigDecimal.valueOf(all), MathContext.DECIMAL32)
                .toPlainString();
  }

  /** Figures of one meter that differ in kind need names that differ. */
  private String name(@Nullable Statistic statistic) {
    return statistic == null || statistic == Statistic.COUNT || statistic == Statistic.VALUE
        ? name
        : name + "." + statistic.getTagValueRepresentation();
  }
}
