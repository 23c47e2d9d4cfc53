package io.dualstack.cell;

import static java.util.Objects.requireNonNull;

import io.dualstack.firewall.BackendKind;
import io.dualstack.firewall.CellFirewall;
import java.nio.file.Path;

/**
 * The firewall that a cell puts around its containers.
 *
 * @param rules what it lets through whatever the container
 * @param backend what enforces it
 * @param lockFile held while rules are changed, as others that change rules of this cell hold it;
 *     made if needed
 */
public record FirewallConfig(CellFirewall rules, BackendKind backend, Path lockFile) {

  /**
   * Checks that nothing is missing.
   *
   * @param rules what it lets through whatever the container
   * @param backend what enforces it
   * @param lockFile held while rules are changed
   */
  public FirewallConfig {
    requireNonNull(rules, "rules");
    requireNonNull(backend, "backend");
    requireNonNull(lockFile, "lockFile");
  }
}
