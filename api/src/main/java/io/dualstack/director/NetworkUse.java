package io.dualstack.director;

import static java.util.Objects.requireNonNull;

import io.dualstack.host.DefaultFor;
import io.dualstack.net.IpRange;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How an instance group uses one network.
 *
 * @param network the network's name
 * @param defaults what its instances use the network for by default
 * @param staticIps the addresses of its instances in the order of the manifest; empty for dynamic
 *     ones
 * @param nicGroup which NIC the network shares with others; null for one of its own
 * @param prefixLength the length of the blocks wanted in place of the network's own; null for the
 *     network's
 */
public record NetworkUse(
    String network,
    Set<DefaultFor> defaults,
    List<IpRange> staticIps,
    @Nullable Integer nicGroup,
    @Nullable Integer prefixLength) {

  /**
   * Copies the collections.
   *
   * @param network the network's name
   * @param defaults what its instances use the network for by default
   * @param staticIps the addresses of its instances in the order of the manifest
   * @param nicGroup which NIC the network shares with others
   * @param prefixLength the length of the blocks wanted in place of the network's own
   */
  public NetworkUse {
    requireNonNull(network, "network");
    EnumSet<DefaultFor> uses = EnumSet.noneOf(DefaultFor.class);
    uses.addAll(defaults);
    defaults = Collections.unmodifiableSet(uses);
    staticIps = List.copyOf(staticIps);
  }
}
