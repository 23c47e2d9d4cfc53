package io.dualstack.allocation;

import io.dualstack.net.IpFamily;
import java.util.List;
import java.util.Optional;

/**
 * What one owner holds.
 *
 * @param owner who holds it
 * @param incarnation which life of the owner
 * @param blocks the blocks in the order they were asked for
 */
public record Allocation(Owner owner, String incarnation, List<AllocatedBlock> blocks) {

  /**
   * Copies the blocks.
   *
   * @param owner who holds it
   * @param incarnation which life of the owner
   * @param blocks the blocks in the order they were asked for
   */
  public Allocation {
    blocks = List.copyOf(blocks);
  }

  /**
   * Returns the block from one network.
   *
   * @param network the network's name
   * @return the block; empty when the owner holds none from it
   */
  public Optional<AllocatedBlock> from(String network) {
    return blocks.stream().filter(held -> held.network().equals(network)).findFirst();
  }

  /**
   * Returns the first single address of a family.
   *
   * @param family the family
   * @return the block of full length; empty when the owner holds none
   */
  public Optional<AllocatedBlock> address(IpFamily family) {
    return blocks.stream()
        .filter(held -> held.block().family() == family && held.block().isSingle())
        .findFirst();
  }

  /**
   * Returns the first delegated prefix of a family.
   *
   * @param family the family
   * @return the block shorter than a single address; empty when the owner holds none
   */
  public Optional<AllocatedBlock> delegatedPrefix(IpFamily family) {
    return blocks.stream()
        .filter(held -> held.block().family() == family && !held.block().isSingle())
        .findFirst();
  }
}
