package io.dualstack.spi.gcp;

import io.dualstack.ProviderException;
import io.dualstack.ProviderException.Reason;
import io.dualstack.allocation.NetworkDefinition.Manual;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.allocation.Subnet;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import io.dualstack.provider.NicBlock;
import io.dualstack.spi.gcp.Reservations.Wish;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Reserves a block that is left to the provider. Compute Engine picks single addresses and /96s
 * anywhere in its subnetwork, so it picks for networks that are the whole of it. For one that is a
 * part a free block is named: a pick that has to be given back is meanwhile in the way of who asks
 * for it. IPv4 prefixes it would pick for an instance only, so that they are always named.
 * Thread-safe.
 */
final class BlockPicker {
  /** What is smaller by this factor is as good as never picked. */
  private static final BigInteger VANISHING = BigInteger.valueOf(1 << 24);

  /** Candidates are looked at until so many were unfit. */
  private static final int PATIENCE = 10_000;

  private final Reservations reservations;
  private final Instances instances;
  private final Supplier<NetworkSet> networks;

  /** Held while a block is named, so that two of different lengths never get into one another. */
  private final Object naming = new Object();

  BlockPicker(Reservations reservations, Instances instances, Supplier<NetworkSet> networks) {
    this.reservations = reservations;
    this.instances = instances;
    this.networks = networks;
  }

  /**
   * Reserves a block.
   *
   * @param wanted what is wanted, open
   * @param wish for whom
   * @return the name of the reservation
   * @throws ProviderException with {@link Reason#EXHAUSTED} if there is none
   */
  String reserve(NicBlock wanted, Wish wish, Subnetwork subnetwork) {
    List<Subnet> subnets = subnets(wanted);
    if (subnetwork.isExternal(wanted.family()) || isLeftToService(wanted, subnets, subnetwork)) {
      String name = reservations.reserve(wish, subnetwork);
      Reservation picked = reservations.awaitMade(name);
      if (subnets.isEmpty() || subnets.stream().anyMatch(subnet -> fits(subnet, picked.block()))) {
        return name;
      }
      reservations.release(wish.identity(), List.of(picked));
      if (subnetwork.isExternal(wanted.family())) {
        throw exhausted(
            wanted,
            "Compute Engine picked %s in %s, which the network keeps back; reserve less in it"
                .formatted(picked.block(), subnetwork));
      }
    }
    synchronized (naming) {
      IpSet used = AddressUse.read(reservations, instances).in(subnetwork);
      return subnets.stream()
          .flatMap(subnet -> named(wanted, wish, subnetwork, subnet, used).stream())
          .findFirst()
          .orElseThrow(
              () ->
                  exhausted(
                      wanted, "%s has no free /%d left".formatted(subnetwork, wanted.length())));
    }
  }

  /**
   * Whether the service picks. A network that keeps back a vanishing part, such as the ends of a
   * /64, is the whole as well.
   */
  private static boolean isLeftToService(
      NicBlock wanted, List<Subnet> subnets, Subnetwork subnetwork) {
    if (wanted.family() == IpFamily.IPV4 && wanted.isPrefix()) {
      return false;
    }
    IpSet usable = subnetwork.usable(wanted.family());
    IpSet others = usable;
    for (Subnet subnet : subnets) {
      IpSet own = IpSet.of(IpRange.of(subnet.range()));
      others = others.subtract(own.subtract(subnet.restricted()).subtract(subnet.statics()));
    }
    return subnets.isEmpty()
        || others.size(wanted.family()).multiply(VANISHING).compareTo(usable.size(wanted.family()))
            < 0;
  }

  private List<Subnet> subnets(NicBlock wanted) {
    return networks
        .get()
        .find(wanted.network())
        .filter(Manual.class::isInstance)
        .map(
            network ->
                ((Manual) network)
                    .subnets().stream()
                        .filter(
                            subnet ->
                                subnet.family() == wanted.family()
                                    && subnet.prefixLength() == wanted.length())
                        .toList())
        .orElse(List.of());
  }

  private static boolean fits(Subnet subnet, IpPrefix block) {
    return subnet.range().contains(block)
        && !subnet.restricted().overlaps(block)
        && !subnet.statics().overlaps(block);
  }

  /** Names free blocks of a range until one is to be had; starts at a place of each NIC's own. */
  private Optional<String> named(
      NicBlock wanted, Wish wish, Subnetwork subnetwork, Subnet subnet, IpSet used) {
    BigInteger count = subnet.range().count(wanted.length());
    BigInteger start = BigInteger.valueOf(Integer.toUnsignedLong(wish.identity().hashCode()));
    int most = count.min(BigInteger.valueOf(PATIENCE)).intValue();
    for (int i = 0; i < most; i++) {
      BigInteger number = start.add(BigInteger.valueOf(i)).mod(count);
      IpPrefix block = subnet.range().nth(wanted.length(), number);
      if (fits(subnet, block) && !used.overlaps(block)) {
        try {
          return Optional.of(
              reservations.reserve(
                  new Wish(wish.identity(), wish.incarnation(), block, block.family()),
                  subnetwork));
        } catch (ProviderException failure) {
          if (failure.reason() != Reason.CONFLICT) {
            throw failure;
          }
          // Somebody was quicker.
        }
      }
    }
    return Optional.empty();
  }

  private static ProviderException exhausted(NicBlock wanted, String message) {
    return new ProviderException(
        GcpNetworkProvider.NAME,
        Reason.EXHAUSTED,
        true,
        "network " + wanted.network() + ": " + message,
        null);
  }
}
