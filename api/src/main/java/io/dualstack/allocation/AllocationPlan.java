package io.dualstack.allocation;

import java.util.List;

/**
 * The difference between what is and what should be, block by block.
 *
 * @param revision the store's revision the plan was made from, or was committed as
 * @param blocks the lines: those of the requests in their order, then the releases in address order
 */
public record AllocationPlan(long revision, List<PlannedBlock> blocks) {

  /**
   * Copies the lines.
   *
   * @param revision the store's revision the plan was made from, or was committed as
   * @param blocks the lines: those of the requests in their order, then the releases in address
   *     order
   */
  public AllocationPlan {
    blocks = List.copyOf(blocks);
  }

  /**
   * Returns whether the store already is as it should be.
   *
   * @return true if every line keeps what is held
   */
  public boolean isUnchanged() {
    return blocks.stream().allMatch(line -> line.action() == PlannedAction.KEPT);
  }

  /**
   * Counts the lines with one action.
   *
   * @param action the action
   * @return how many lines do it
   */
  public long count(PlannedAction action) {
    return blocks.stream().filter(line -> line.action() == action).count();
  }
}
