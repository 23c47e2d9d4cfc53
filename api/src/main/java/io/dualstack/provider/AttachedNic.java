package io.dualstack.provider;

import static java.util.Objects.requireNonNull;

import io.dualstack.allocation.Owner;
import io.dualstack.net.MacAddress;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One NIC as the infrastructure has it.
 *
 * @param id the infrastructure's identifier
 * @param owner the machine
 * @param incarnation which life of the machine
 * @param nic the NIC's name within the machine
 * @param mac its hardware address; null if the infrastructure doesn't tell
 * @param blocks its addresses and delegated prefixes, all chosen
 */
public record AttachedNic(
    String id,
    Owner owner,
    String incarnation,
    String nic,
    @Nullable MacAddress mac,
    List<NicBlock> blocks) {

  /**
   * Copies the blocks and checks that each is chosen.
   *
   * @param id the infrastructure's identifier
   * @param owner the machine
   * @param incarnation which life of the machine
   * @param nic the NIC's name within the machine
   * @param mac its hardware address
   * @param blocks its addresses and delegated prefixes, all chosen
   */
  public AttachedNic {
    requireNonNull(id, "id");
    requireNonNull(owner, "owner");
    requireNonNull(incarnation, "incarnation");
    requireNonNull(nic, "nic");
    blocks = List.copyOf(blocks);
    for (NicBlock block : blocks) {
      if (block.block() == null) {
        throw new IllegalArgumentException(
            owner + ": NIC " + nic + ": the block of network " + block.network() + " is open");
      }
    }
  }

  /**
   * Returns the hardware address.
   *
   * @return the address; empty if the infrastructure doesn't tell
   */
  public Optional<MacAddress> macAddress() {
    return Optional.ofNullable(mac);
  }
}
