package io.dualstack.impl.firewall;

import io.dualstack.Diagnostic;
import io.dualstack.InvalidConfigurationException;
import io.dualstack.Severity;
import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong with files, in their order. Not thread-safe. */
public final class Findings {
  private final List<Diagnostic> found = new ArrayList<>();

  /** Refuses a value; the message starts with it. */
  public void refuse(String source, String pointer, String code, String message) {
    found.add(new Diagnostic(Severity.ERROR, source, pointer, 0, 0, code, message));
  }

  /** Returns how many there are. */
  public int count() {
    return found.size();
  }

  /**
   * @throws InvalidConfigurationException with all that was refused, if anything was
   */
  public void throwIfAny() {
    if (!found.isEmpty()) {
      throw new InvalidConfigurationException(found);
    }
  }
}
