package io.dualstack.provider;

import static java.util.Objects.requireNonNull;

import io.dualstack.allocation.Owner;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One NIC as a machine should have it. The owner and the NIC's name are its identity: asking again
 * for what is attached changes nothing. While a NIC of one life of its owner is attached, another
 * life can't have it: two machines would use the same addresses.
 *
 * @param owner the machine
 * @param incarnation which life of the machine
 * @param nic the NIC's name within the machine: its NIC group, or its network's name
 * @param zone the availability zone; null when there is none
 * @param blocks its addresses and delegated prefixes; at least one
 * @param cloudProperties the cloud properties of its networks, by network
 */
public record NicRequest(
    Owner owner,
    String incarnation,
    String nic,
    @Nullable String zone,
    List<NicBlock> blocks,
    Map<String, Map<String, Object>> cloudProperties) {

  /**
   * Copies the collections and checks that there is a block.
   *
   * @param owner the machine
   * @param incarnation which life of the machine
   * @param nic the NIC's name within the machine: its NIC group, or its network's name
   * @param zone the availability zone
   * @param blocks its addresses and delegated prefixes
   * @param cloudProperties the cloud properties of its networks, by network
   */
  public NicRequest {
    requireNonNull(owner, "owner");
    requireNonNull(incarnation, "incarnation");
    requireNonNull(nic, "nic");
    blocks = List.copyOf(blocks);
    cloudProperties = Collections.unmodifiableMap(new LinkedHashMap<>(cloudProperties));
    if (blocks.isEmpty()) {
      throw new IllegalArgumentException(owner + ": NIC " + nic + " has no address");
    }
  }

  /**
   * Returns the availability zone.
   *
   * @return the zone; empty when there is none
   */
  public Optional<String> zoneName() {
    return Optional.ofNullable(zone);
  }
}
