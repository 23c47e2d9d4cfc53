package io.dualstack.allocation;

import io.dualstack.Diagnostic;
import io.dualstack.Severity;
import java.util.List;

/**
 * What a check of a store came to.
 *
 * @param revision the store's revision when the check began
 * @param spaces how many spaces it looked at
 * @param blocks how many blocks they hold, whatever their state
 * @param findings what is wrong; at most a hundred of a kind in a space are told singly
 */
public record StoreReport(long revision, int spaces, long blocks, List<Diagnostic> findings) {

  /**
   * Copies the findings.
   *
   * @param revision the store's revision when the check began
   * @param spaces how many spaces it looked at
   * @param blocks how many blocks they hold, whatever their state
   * @param findings what is wrong
   */
  public StoreReport {
    findings = List.copyOf(findings);
  }

  /**
   * Returns whether the store agrees with itself, whatever the warnings.
   *
   * @return true if no finding is an error
   */
  public boolean isSound() {
    return findings.stream().noneMatch(finding -> finding.severity() == Severity.ERROR);
  }
}
