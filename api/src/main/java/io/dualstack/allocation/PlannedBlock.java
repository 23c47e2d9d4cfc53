package io.dualstack.allocation;

import static java.util.Objects.requireNonNull;

import io.dualstack.net.IpPrefix;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One line of a plan.
 *
 * @param owner whose block
 * @param network the network's name
 * @param zone the availability zone; null when there is none
 * @param kind how it is, or was, held
 * @param action what happens
 * @param block the block held afterwards, or the released one; null when the provider will choose
 * @param replaces the block given up for it; null unless replaced
 * @param reason why it is replaced or released, in words; empty otherwise
 */
public record PlannedBlock(
    Owner owner,
    String network,
    @Nullable String zone,
    AllocationKind kind,
    PlannedAction action,
    @Nullable IpPrefix block,
    @Nullable IpPrefix replaces,
    String reason) {

  /**
   * Checks that there is a replaced block exactly when the action says so.
   *
   * @param owner whose block
   * @param network the network's name
   * @param zone the availability zone
   * @param kind how it is, or was, held
   * @param action what happens
   * @param block the block held afterwards, or the released one
   * @param replaces the block given up for it
   * @param reason why it is replaced or released, in words
   */
  public PlannedBlock {
    requireNonNull(owner, "owner");
    requireNonNull(network, "network");
    requireNonNull(kind, "kind");
    requireNonNull(reason, "reason");
    if ((replaces != null) != (action == PlannedAction.REPLACED)) {
      throw new IllegalArgumentException(
          owner + ": " + network + ": a replaced block is named exactly when one is replaced");
    }
  }

  /**
   * Returns the block held afterwards, or the released one.
   *
   * @return the block; empty when the provider will choose
   */
  public Optional<IpPrefix> chosen() {
    return Optional.ofNullable(block);
  }

  /**
   * Returns the block given up for this one.
   *
   * @return the block; empty unless replaced
   */
  public Optional<IpPrefix> replaced() {
    return Optional.ofNullable(replaces);
  }
}
