package io.dualstack.allocation;

/** What a plan does with one block. */
public enum PlannedAction {
  /** Newly allocated. */
  CREATED,
  /** Held before and after, unchanged but for labels. */
  KEPT,
  /** Newly allocated in place of one that no longer fits, which becomes obsolete. */
  REPLACED,
  /** Held before, not wanted any more; becomes obsolete. */
  RELEASED
}
