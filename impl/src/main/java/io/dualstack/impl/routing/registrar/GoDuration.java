package io.dualstack.impl.routing.registrar;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as Go's {@code time.ParseDuration} reads them: {@code 20s}, {@code 1m30s}. */
final class GoDuration {
  private static final Pattern PART =
      Pattern.compile("([0-9]+\\.?[0-9]*|\\.[0-9]+)(h|ms|m|s|us|µs|ns)");
  private static final Pattern ALL = Pattern.compile("(" + PART.pattern() + ")+");
  private static final BigDecimal SHORTEST = BigDecimal.valueOf(1_000_000);
  private static final BigDecimal LONGEST = BigDecimal.valueOf(Long.MAX_VALUE);

  private GoDuration() {}

  /**
   * Reads one of a millisecond or more; anything shorter makes no sense here.
   *
   * @throws IllegalArgumentException if it is none
   */
  static Duration parse(String text) {
    BigDecimal nanos = BigDecimal.ZERO;
    if (ALL.matcher(text).matches()) {
      Matcher part = PART.matcher(text);
      while (part.find()) {
        nanos = nanos.add(new BigDecimal(part.group(1)).multiply(nanos(part.group(2))));
      }
    }
    if (nanos.compareTo(SHORTEST) < 0 || nanos.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "\"%s\": is no time between two looks; write 20s, 500ms or 1m30s".formatted(text));
    }
    return Duration.ofNanos(nanos.setScale(0, RoundingMode.DOWN).longValueExact());
  }

  private static BigDecimal nanos(String unit) {
    return BigDecimal.valueOf(
        switch (unit) {
          case "h" -> 3_600_000_000_000L;
          case "m" -> 60_000_000_000L;
          case "s" -> 1_000_000_000L;
          case "ms" -> 1_000_000L;
          case "ns" -> 1L;
          default -> 1_000L;
        });
  }
}
