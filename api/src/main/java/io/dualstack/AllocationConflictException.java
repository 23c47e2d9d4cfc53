package io.dualstack;

import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.net.IpPrefix;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A named block can't be had: somebody holds it or a part of it, or the subnet forbids it. */
public final class AllocationConflictException extends DualstackException {

  private static final long serialVersionUID = 1L;

  private final transient IpPrefix wanted;
  private final transient @Nullable AllocatedBlock holder;

  /**
   * Creates the exception.
   *
   * @param wanted the block that was asked for
   * @param holder the block that is in the way; null when it is the subnet's own rules
   * @param message the block, who holds it since when, and what to do
   */
  public AllocationConflictException(
      IpPrefix wanted, @Nullable AllocatedBlock holder, String message) {
    super(message, null);
    this.wanted = wanted;
    this.holder = holder;
  }

  /**
   * Returns the block that was asked for.
   *
   * @return the block
   */
  public IpPrefix wanted() {
    return wanted;
  }

  /**
   * Returns the block that is in the way.
   *
   * @return the holder's block; empty when the subnet's own rules forbid it
   */
  public Optional<AllocatedBlock> holder() {
    return Optional.ofNullable(holder);
  }
}
