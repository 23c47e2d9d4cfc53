package io.dualstack.director;

import static java.util.Objects.requireNonNull;

import io.dualstack.allocation.AllocationKind;
import io.dualstack.allocation.PlannedAction;
import io.dualstack.host.NetworkType;
import io.dualstack.net.IpPrefix;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One network of a planned instance.
 *
 * @param name the network's name
 * @param type manual, dynamic or vip
 * @param block the address or delegated prefix; null while the infrastructure has yet to choose
 * @param kind how it is held
 * @param action what happens
 * @param replaces the block given up for it; null unless replaced
 * @param reason why it is replaced or released, in words; empty otherwise
 */
public record PlannedNetwork(
    String name,
    NetworkType type,
    @Nullable IpPrefix block,
    AllocationKind kind,
    PlannedAction action,
    @Nullable IpPrefix replaces,
    String reason) {

  /**
   * Checks that nothing is missing.
   *
   * @param name the network's name
   * @param type manual, dynamic or vip
   * @param block the address or delegated prefix
   * @param kind how it is held
   * @param action what happens
   * @param replaces the block given up for it
   * @param reason why it is replaced or released, in words
   */
  public PlannedNetwork {
    requireNonNull(name, "name");
    requireNonNull(type, "type");
    requireNonNull(kind, "kind");
    requireNonNull(action, "action");
    requireNonNull(reason, "reason");
  }

  /**
   * Returns the address or delegated prefix.
   *
   * @return the block; empty while the infrastructure has yet to choose
   */
  public Optional<IpPrefix> chosen() {
    return Optional.ofNullable(block);
  }
}
