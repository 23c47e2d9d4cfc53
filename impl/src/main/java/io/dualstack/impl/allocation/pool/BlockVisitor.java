package io.dualstack.impl.allocation.pool;

/** Is shown blocks one after the other, as numbers, so that a walk makes no garbage. */
@FunctionalInterface
public interface BlockVisitor {
  /**
   * Looks at one block.
   *
   * @param high the upper 64 bits of the first address; 0 for IPv4
   * @param low the lower 64 bits of the first address
   * @param length the prefix length
   */
  void visit(long high, long low, int length);
}
