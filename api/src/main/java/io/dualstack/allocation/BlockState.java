package io.dualstack.allocation;

/** Where a block is in its life. In every state it is unavailable to others. */
public enum BlockState {
  /** Held by its owner. */
  ACTIVE,
  /** Given up by plan, but possibly still configured on a machine; released once it is detached. */
  OBSOLETE,
  /** Released, and resting until its cool-down ends. */
  QUARANTINED
}
