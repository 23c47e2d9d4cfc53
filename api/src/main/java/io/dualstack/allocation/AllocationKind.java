package io.dualstack.allocation;

/** How a block came to its owner. */
public enum AllocationKind {
  /** The allocator, or the provider, chose it. */
  DYNAMIC,
  /** The owner asked for exactly this block. */
  STATIC,
  /** Known to be in use outside of this store; never handed out. */
  EXTERNAL
}
