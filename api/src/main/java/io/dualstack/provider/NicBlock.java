package io.dualstack.provider;

import static java.util.Objects.requireNonNull;

import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One address or delegated prefix of a NIC: chosen, or to be chosen by the provider.
 *
 * @param network the network's name
 * @param family the family
 * @param length the prefix length; the family's bits for a single address
 * @param block the chosen block; null if the provider is to choose
 */
public record NicBlock(String network, IpFamily family, int length, @Nullable IpPrefix block) {

  /**
   * Checks that a chosen block has the family and the length.
   *
   * @param network the network's name
   * @param family the family
   * @param length the prefix length
   * @param block the chosen block
   */
  public NicBlock {
    requireNonNull(network, "network");
    requireNonNull(family, "family");
    if (length < 0 || length > family.bits()) {
      throw new IllegalArgumentException(network + ": /" + length + " is no length of " + family);
    }
    if (block != null && (block.family() != family || block.length() != length)) {
      throw new IllegalArgumentException(
          network + ": " + block + " is not a /" + length + " of " + family);
    }
  }

  /**
   * Returns a chosen block.
   *
   * @param network the network's name
   * @param block the block
   * @return the block of the NIC
   */
  public static NicBlock chosen(String network, IpPrefix block) {
    return new NicBlock(network, block.family(), block.length(), block);
  }

  /**
   * Returns a block for the provider to choose.
   *
   * @param network the network's name
   * @param family the family
   * @param length the prefix length
   * @return the block of the NIC
   */
  public static NicBlock toBeChosen(String network, IpFamily family, int length) {
    return new NicBlock(network, family, length, null);
  }

  /**
   * Returns the chosen block.
   *
   * @return the block; empty if the provider is to choose
   */
  public Optional<IpPrefix> chosenBlock() {
    return Optional.ofNullable(block);
  }

  /**
   * Returns whether this is a delegated prefix and not a single address.
   *
   * @return true if the length is shorter than the family's bits
   */
  public boolean isPrefix() {
    return length < family.bits();
  }
}
