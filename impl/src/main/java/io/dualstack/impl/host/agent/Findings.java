package io.dualstack.impl.host.agent;

import io.dualstack.Diagnostic;
import io.dualstack.InvalidConfigurationException;
import java.util.ArrayList;
import java.util.List;

/** What is wrong with one document, reported together. */
final class Findings {

  private final String code;
  private final List<Diagnostic> found = new ArrayList<>();

  Findings(String code) {
    this.code = code;
  }

  void add(String pointer, String message) {
    found.add(Diagnostic.error(pointer, code, message));
  }

  int count() {
    return found.size();
  }

  void throwIfAny() {
    if (!found.isEmpty()) {
      throw new InvalidConfigurationException(found);
    }
  }
}
