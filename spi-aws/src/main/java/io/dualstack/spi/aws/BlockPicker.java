package io.dualstack.spi.aws;

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
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Fills open blocks. EC2 picks anywhere in its subnet, or in what was reserved there for prefixes,
 * so it picks for networks that are the whole subnet. For one that is a part of it a free block is
 * taken by name: a pick of EC2's that would have to be given back is meanwhile in the way of a NIC
 * that asks for an address in it. Thread-safe.
 */
final class BlockPicker {
  private final Supplier<NetworkSet> networks;
  private final Ec2Subnets subnets;
  private final Ec2Interfaces interfaces;
  private final Ec2Addresses addresses;

  /** What threads of this process are about to take by name. */
  private final Set<IpPrefix> claimed = new TreeSet<>();

  BlockPicker(
      Supplier<NetworkSet> networks,
      Ec2Subnets subnets,
      Ec2Interfaces interfaces,
      Ec2Addresses addresses) {
    this.networks = networks;
    this.subnets = subnets;
    this.interfaces = interfaces;
    this.addresses = addresses;
  }

  /**
   * Returns what a network may hand out in an EC2 subnet.
   *
   * @return the addresses; empty if the network is none that has ranges
   */
  Optional<IpSet> allowed(String network, IpFamily family, String subnet) {
    if (!(networks.get().find(network).orElse(null) instanceof Manual manual)) {
      return Optional.empty();
    }
    IpSet allowed = IpSet.empty();
    for (Subnet part : manual.subnets()) {
      boolean here =
          NicProperties.subnetOf(part.cloudProperties()).filter(subnet::equals).isPresent();
      if (here && part.family() == family) {
        allowed =
            allowed.union(
                IpSet.of(IpRange.of(part.range()))
                    .subtract(part.restricted())
                    .subtract(part.statics()));
      }
    }
    return Optional.of(allowed);
  }

  /** Returns whether a network may hand out a block in an EC2 subnet. */
  boolean isAllowed(NicBlock wanted, IpPrefix block, String subnet) {
    return block.family() == wanted.family()
        && block.length() == wanted.length()
        && allowed(wanted.network(), wanted.family(), subnet)
            .map(allowed -> allowed.contains(block))
            .orElse(true);
  }

  /** The open blocks of one network and length. */
  private record Kind(String network, IpFamily family, int length) {}

  /**
   * Puts blocks of EC2's or our own choice on an interface.
   *
   * @param open open blocks
   * @return what was chosen
   */
  List<IpPrefix> pick(Eni eni, Collection<NicBlock> open, Patience patience) {
    Map<Kind, Integer> kinds = new LinkedHashMap<>();
    open.forEach(
        block ->
            kinds.merge(
                new Kind(block.network(), block.family(), block.length()), 1, Integer::sum));
    List<IpPrefix> picked = new ArrayList<>();
    if (!kinds.isEmpty()) {
      var subnet = subnets.get(eni.subnet());
      kinds.forEach(
          (kind, count) -> {
            IpSet usable = Ec2Subnets.usable(subnet, kind.family());
            picked.addAll(pick(eni, kind, count, usable, patience));
          });
    }
    return picked;
  }

  private List<IpPrefix> pick(Eni eni, Kind kind, int count, IpSet usable, Patience patience) {
    IpSet part =
        allowed(kind.network(), kind.family(), eni.subnet()).map(usable::intersect).orElse(usable);
    if (!part.equals(usable)) {
      return Stream.generate(() -> takeByName(eni, kind, part, patience)).limit(count).toList();
    }
    boolean prefixes = kind.length() < kind.family().bits();
    return addresses.pick(eni, kind.family(), prefixes, count, patience);
  }

  /** Puts the lowest free block on an interface; another if somebody else was quicker. */
  private IpPrefix takeByName(Eni eni, Kind kind, IpSet usable, Patience patience) {
    while (true) {
      IpPrefix block = claim(usable.subtract(interfaces.used(eni.subnet())), kind);
      try {
        addresses.assign(eni, List.of(block), patience);
        return block;
      } catch (ProviderException failure) {
        if (failure.reason() != Reason.CONFLICT || patience.isOver()) {
          throw failure;
        }
      } finally {
        synchronized (claimed) {
          claimed.remove(block);
        }
      }
    }
  }

  private IpPrefix claim(IpSet free, Kind kind) {
    synchronized (claimed) {
      IpPrefix block =
          free.subtract(IpSet.ofPrefixes(claimed)).prefixes().stream()
              .filter(part -> part.length() <= kind.length())
              .findFirst()
              .orElseThrow(() -> exhausted(kind))
              .nth(kind.length(), 0);
      claimed.add(block);
      return block;
    }
  }

  private static ProviderException exhausted(Kind kind) {
    return new ProviderException(
        AwsNetworkProvider.NAME,
        Reason.EXHAUSTED,
        true,
        "network %s: no /%d is left in the subnet; free some or enlarge the network"
            .formatted(kind.network(), kind.length()),
        null);
  }
}
