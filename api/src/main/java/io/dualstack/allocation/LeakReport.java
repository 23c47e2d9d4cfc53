package io.dualstack.allocation;

import java.util.List;

/**
 * What a look for leaks found.
 *
 * @param suspects blocks whose owner was missing for the first time, or not yet for the whole grace
 *     period
 * @param leaked blocks whose owner has been missing at two looks at least a grace period apart
 */
public record LeakReport(List<AllocatedBlock> suspects, List<AllocatedBlock> leaked) {

  /**
   * Copies the lists.
   *
   * @param suspects blocks whose owner was missing for the first time, or not yet for the whole
   *     grace period
   * @param leaked blocks whose owner has been missing at two looks at least a grace period apart
   */
  public LeakReport {
    suspects = List.copyOf(suspects);
    leaked = List.copyOf(leaked);
  }
}
