package io.dualstack.routing;

import static java.util.Objects.requireNonNull;

import io.dualstack.Diagnostic;
import java.util.List;

/**
 * Frontends and backends of HAProxy, to be put behind what else it is told.
 *
 * @param text the sections, in the order of their ports; empty without routes
 * @param warnings what of the routes isn't in them, and why
 */
public record HaproxyConfiguration(String text, List<Diagnostic> warnings) {
  /**
   * Copies the warnings.
   *
   * @param text the sections
   * @param warnings what of the routes isn't in them
   */
  public HaproxyConfiguration {
    requireNonNull(text, "text");
    warnings = List.copyOf(warnings);
  }
}
