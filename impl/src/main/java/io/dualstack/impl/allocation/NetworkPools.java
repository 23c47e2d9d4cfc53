package io.dualstack.impl.allocation;

import com.google.common.collect.ArrayListMultimap;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ListMultimap;
import io.dualstack.allocation.NetworkDefinition;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.allocation.PrefixChooser;
import io.dualstack.allocation.Subnet;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * The pools of all networks of a space. Finds the pools that a block touches without looking at the
 * others: ranges around it by their few lengths, ranges inside it by order. Not thread-safe.
 */
final class NetworkPools {

  private final NetworkSet networks;
  private final ListMultimap<String, AddressPool> byNetwork = ArrayListMultimap.create();
  private final NavigableMap<IpPrefix, List<AddressPool>> byRange = new TreeMap<>();
  private final Map<IpFamily, NavigableSet<Integer>> lengths = new EnumMap<>(IpFamily.class);

  NetworkPools(NetworkSet networks) {
    this.networks = networks;
    for (NetworkDefinition network : networks.all()) {
      if (network instanceof NetworkDefinition.Manual manual) {
        for (Subnet subnet : manual.subnets()) {
          add(
              new AddressPool(
                  network.name(),
                  subnet.range(),
                  subnet.prefixLength(),
                  subnet.chooser(),
                  subnet.zones(),
                  subnet.restricted(),
                  subnet.statics()));
        }
      } else if (network instanceof NetworkDefinition.Vip vip) {
        addVip(vip);
      }
    }
  }

  /** A vip network's addresses are pools of their own, in the order they are picked. */
  private void addVip(NetworkDefinition.Vip vip) {
    for (NetworkDefinition.VipSubnet subnet : vip.subnets()) {
      for (IpRange range : subnet.statics()) {
        for (IpPrefix block : range.toPrefixes()) {
          add(
              new AddressPool(
                  vip.name(),
                  block,
                  block.family().bits(),
                  PrefixChooser.DIRECTOR,
                  subnet.zones(),
                  IpSet.empty(),
                  IpSet.empty()));
        }
      }
    }
  }

  private void add(AddressPool pool) {
    byNetwork.put(pool.network, pool);
    byRange.computeIfAbsent(pool.range, range -> new ArrayList<>(1)).add(pool);
    lengths
        .computeIfAbsent(pool.range.family(), family -> new TreeSet<>())
        .add(pool.range.length());
  }

  NetworkSet networks() {
    return networks;
  }

  List<AddressPool> of(String network) {
    return byNetwork.get(network);
  }

  Collection<AddressPool> all() {
    ImmutableList.Builder<AddressPool> pools = ImmutableList.builder();
    networks.all().forEach(network -> pools.addAll(byNetwork.get(network.name())));
    return pools.build();
  }

  /**
   * Marks a block as held wherever it lies. False, and nothing is marked, if a part already was.
   */
  boolean occupy(IpPrefix block) {
    List<AddressPool> done = new ArrayList<>(2);
    for (AddressPool pool : touching(block)) {
      if (!pool.occupy(block)) {
        done.forEach(marked -> marked.release(block));
        return false;
      }
      done.add(pool);
    }
    return true;
  }

  void release(IpPrefix block) {
    touching(block).forEach(pool -> pool.release(block));
  }

  boolean isFree(IpPrefix block) {
    for (AddressPool pool : touching(block)) {
      if (!pool.isFree(block.contains(pool.range) ? pool.range : block)) {
        return false;
      }
    }
    return true;
  }

  void forEachTouching(IpPrefix block, Consumer<AddressPool> consumer) {
    touching(block).forEach(consumer);
  }

  private List<AddressPool> touching(IpPrefix block) {
    List<AddressPool> pools = new ArrayList<>(2);
    for (int length : lengths.getOrDefault(block.family(), new TreeSet<>())) {
      if (length > block.length()) {
        break;
      }
      List<AddressPool> around = byRange.get(IpPrefix.containing(block.first(), length));
      if (around != null) {
        pools.addAll(around);
      }
    }
    if (!block.isSingle()) {
      byRange
          .subMap(block, false, IpPrefix.single(block.last()), true)
          .forEach((range, inside) -> pools.addAll(inside));
    }
    return pools;
  }
}
