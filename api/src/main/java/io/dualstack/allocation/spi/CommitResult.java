package io.dualstack.allocation.spi;

/** How a commit ended. */
public sealed interface CommitResult {

  /**
   * All changes are durable.
   *
   * @param revision the store's revision that carries them: one above the one before
   */
  record Committed(long revision) implements CommitResult {}

  /**
   * Nothing was changed.
   *
   * @param refusal why
   */
  record Refused(Refusal refusal) implements CommitResult {}
}
