package io.dualstack.lease;

import static java.util.Objects.requireNonNull;

import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The overlay network and how it is cut into leases.
 *
 * <p>The network is cut into blocks of one length. The first block is not leased as such: its
 * addresses, without the very first, are the leases of single addresses. With {@code 10.255.0.0/16}
 * and length 24 there are 255 blocks, {@code 10.255.1.0/24} to {@code 10.255.255.0/24}, and 255
 * single addresses, {@code 10.255.0.1/32} to {@code 10.255.0.255/32}.
 *
 * @param network the overlay network; IPv4
 * @param subnetPrefixLength the length of blocks, 1 to 30 and more than the network's
 * @param expiry how long a lease lasts after it was renewed last, in whole seconds, 1 or more
 */
public record LeasePool(IpPrefix network, int subnetPrefixLength, Duration expiry) {

  /** The expiry when nothing else is configured. */
  public static final Duration DEFAULT_EXPIRY = Duration.ofDays(7);

  /** The longest blocks: of four addresses. */
  public static final int MAX_SUBNET_PREFIX_LENGTH = 30;

  /**
   * Checks the lengths and the expiry, which is cut to whole seconds.
   *
   * @param network the overlay network; IPv4
   * @param subnetPrefixLength the length of blocks, 1 to 30 and more than the network's
   * @param expiry how long a lease lasts after it was renewed last, 1 second or more
   * @throws IllegalArgumentException when one of them is out of its range
   */
  public LeasePool {
    network.requireFamily(IpFamily.IPV4);
    requireNonNull(expiry, "expiry");
    if (subnetPrefixLength <= network.length() || subnetPrefixLength > MAX_SUBNET_PREFIX_LENGTH) {
      throw new IllegalArgumentException(
          "subnet prefix length: %d: does not cut %s into blocks; use %d to %d"
              .formatted(
                  subnetPrefixLength, network, network.length() + 1, MAX_SUBNET_PREFIX_LENGTH));
    }
    expiry = Duration.ofSeconds(expiry.toSeconds());
    if (expiry.isNegative() || expiry.isZero()) {
      throw new IllegalArgumentException(
          "lease expiry: %s: leases would end as they begin; use 1 second or more"
              .formatted(expiry));
    }
  }

  /**
   * Returns a pool whose leases expire after a week.
   *
   * @param network the overlay network; IPv4
   * @param subnetPrefixLength the length of blocks
   * @return the pool
   * @throws IllegalArgumentException when the length does not cut the network into blocks
   */
  public static LeasePool of(IpPrefix network, int subnetPrefixLength) {
    return new LeasePool(network, subnetPrefixLength, DEFAULT_EXPIRY);
  }

  private IpPrefix firstBlock() {
    return IpPrefix.containing(network.first(), subnetPrefixLength);
  }

  /**
   * Returns how many leases of a kind there are, held or not.
   *
   * @param kind the kind
   * @return 1 or more
   */
  public long size(LeaseKind kind) {
    return switch (kind) {
      case BLOCK -> (1L << (subnetPrefixLength - network.length())) - 1;
      case SINGLE_ADDRESS -> (1L << (IpFamily.IPV4.bits() - subnetPrefixLength)) - 1;
    };
  }

  /**
   * Returns one of the subnets of a kind.
   *
   * @param kind the kind
   * @param index 0 for the lowest
   * @return the subnet
   * @throws IndexOutOfBoundsException when there are not so many
   */
  public IpPrefix subnet(LeaseKind kind, long index) {
    if (index < 0 || index >= size(kind)) {
      throw new IndexOutOfBoundsException(
          "%s: no %s number %d; use 0 to %d".formatted(network, kind, index, size(kind) - 1));
    }
    return switch (kind) {
      case BLOCK -> network.nth(subnetPrefixLength, index + 1);
      case SINGLE_ADDRESS -> firstBlock().nth(IpFamily.IPV4.bits(), index + 1);
    };
  }

  /**
   * Returns of which kind a subnet is.
   *
   * @param subnet the subnet
   * @return its kind; empty when it is no member of this pool
   */
  public Optional<LeaseKind> kindOf(IpPrefix subnet) {
    if (!network.contains(subnet) || subnet.first().equals(network.first())) {
      return Optional.empty();
    }
    if (subnet.length() == subnetPrefixLength) {
      return Optional.of(LeaseKind.BLOCK);
    }
    return subnet.isSingle() && firstBlock().contains(subnet)
        ? Optional.of(LeaseKind.SINGLE_ADDRESS)
        : Optional.empty();
  }

  /**
   * Returns the number of a subnet among those of its kind, which {@link #subnet} turns back.
   *
   * @param subnet the subnet
   * @return 0 for the lowest; empty when it is no member of this pool
   */
  public OptionalLong indexOf(IpPrefix subnet) {
    return kindOf(subnet)
        .map(
            kind -> {
              long offset = subnet.address().low() - network.address().low();
              int shift = kind == LeaseKind.BLOCK ? IpFamily.IPV4.bits() - subnetPrefixLength : 0;
              return OptionalLong.of((offset >>> shift) - 1);
            })
        .orElseGet(OptionalLong::empty);
  }
}
