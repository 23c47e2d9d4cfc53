package io.dualstack;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration was refused before anything was changed. All findings are reported together. */
public final class InvalidConfigurationException extends DualstackException {

  private static final long serialVersionUID = 1L;

  private final transient List<Diagnostic> diagnostics;

  /**
   * Creates the exception.
   *
   * @param diagnostics the findings, errors and warnings, in the order of the source; at least one
   */
  public InvalidConfigurationException(List<Diagnostic> diagnostics) {
    super(diagnostics.stream().map(Diagnostic::toString).collect(Collectors.joining("\n")), null);
    if (diagnostics.isEmpty()) {
      throw new IllegalArgumentException("at least one diagnostic is needed");
    }
    this.diagnostics = List.copyOf(diagnostics);
  }

  /**
   * Returns the findings in the order of the source.
   *
   * @return an unmodifiable list, never empty
   */
  public List<Diagnostic> diagnostics() {
    return diagnostics;
  }
}
