package io.dualstack.impl.routing.nats;

import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** What a test opened, closed after it, the last first. */
final class Opened implements AfterEachCallback {
  private final Deque<AutoCloseable> all = new ArrayDeque<>();

  <T extends AutoCloseable> T add(T one) {
    all.push(one);
    return one;
  }

  @Override
  public void afterEach(ExtensionContext context) throws Exception {
    while (!all.isEmpty()) {
      all.pop().close();
    }
  }
}
