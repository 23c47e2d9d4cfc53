package io.dualstack.provider.support;

import static java.util.Objects.requireNonNull;

import io.dualstack.net.IpPrefix;
import io.dualstack.net.MacAddress;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A NIC as the infrastructure has it now, finished or half-made, of this foundation or of somebody
 * else.
 *
 * @param id the infrastructure's identifier
 * @param identity whose NIC it is; null if it carries no identity of this foundation
 * @param incarnation which life of the machine; null exactly if there is no identity
 * @param mac its hardware address; null if the infrastructure doesn't tell
 * @param blocks its addresses and delegated prefixes, without those that the infrastructure adds of
 *     its own accord and that nobody asked for
 */
public record InfrastructureNic(
    String id,
    @Nullable NicIdentity identity,
    @Nullable String incarnation,
    @Nullable MacAddress mac,
    List<IpPrefix> blocks) {

  /**
   * Copies the blocks and checks that identity and incarnation come together.
   *
   * @param id the infrastructure's identifier
   * @param identity whose NIC it is
   * @param incarnation which life of the machine
   * @param mac its hardware address
   * @param blocks its addresses and delegated prefixes
   */
  public InfrastructureNic {
    requireNonNull(id, "id");
    blocks = List.copyOf(blocks);
    if ((identity == null) != (incarnation == null)) {
      throw new IllegalArgumentException(id + ": identity and incarnation come together");
    }
  }

  /**
   * Returns whose NIC it is.
   *
   * @return the identity; empty if it carries none of this foundation
   */
  public Optional<NicIdentity> owned() {
    return Optional.ofNullable(identity);
  }
}
