package io.dualstack.impl.http;

import java.time.Duration;

/** How long a service has been up, in words. */
public final class Uptime {
  private final String name;
  private final long start = System.nanoTime();

  /** Starts to count. */
  public Uptime(String name) {
    this.name = name;
  }

  /** Returns {@code NAME, up for 1h2m3s}, in whole seconds. */
  public Answer answer() {
    Duration up = Duration.ofNanos(System.nanoTime() - start);
    StringBuilder text = new StringBuilder(name).append(", up for ");
    if (up.toHours() > 0) {
      text.append(up.toHours()).append('h');
    }
    if (up.toMinutes() > 0) {
      text.append(up.toMinutesPart()).append('m');
    }
    return Answer.ok(text.append(up.toSecondsPart()).append("s\n").toString());
  }
}
