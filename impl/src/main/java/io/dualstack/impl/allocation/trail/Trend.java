package io.dualstack.impl.allocation.trail;

import java.time.Duration;
import java.time.Instant;

/**
 * How much was taken at the end of each day, and the straight line through that. Days end at the
 * same time of day as the observation does. Not thread-safe.
 */
final class Trend {

  private static final long DAY = Duration.ofDays(1).toMillis();

  private final long end;
  private final int days;

  /** What changed within each day; the first is all that was before. */
  private final double[] changes;

  /** Observes so many days up to an instant. */
  Trend(Instant end, int days) {
    this.end = end.toEpochMilli();
    this.days = days;
    this.changes = new double[days + 1];
  }

  /** Notes that more, or less, was taken from some time on. */
  void change(Instant at, double difference) {
    long daysAgo = Math.floorDiv(Math.max(0, end - at.toEpochMilli()), DAY);
    changes[(int) Math.max(0, days - daysAgo)] += difference;
  }

  /** Returns the slope of the line of least squares through the last days' ends. */
  double perDay(int lastDays) {
    int points = Math.min(lastDays, days) + 1;
    if (points < 2) {
      return 0;
    }
    double meanDay = (points - 1) / 2.0;
    double taken = 0;
    double meanTaken = 0;
    double[] takenAt = new double[points];
    for (int day = 0; day <= days; day++) {
      taken += changes[day];
      int point = day - (days + 1 - points);
      if (point >= 0) {
        takenAt[point] = taken;
        meanTaken += taken / points;
      }
    }
    double products = 0;
    double squares = 0;
    for (int point = 0; point < points; point++) {
      products += (point - meanDay) * (takenAt[point] - meanTaken);
      squares += (point - meanDay) * (point - meanDay);
    }
    return products / squares;
  }
}
