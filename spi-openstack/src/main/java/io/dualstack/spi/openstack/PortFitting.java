package io.dualstack.spi.openstack;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.ProviderException;
import io.dualstack.ProviderException.Reason;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpSet;
import io.dualstack.provider.NicBlock;
import io.dualstack.spi.openstack.Marks.Mark;
import io.dualstack.spi.openstack.access.ApiFailure;
import io.dualstack.spi.openstack.neutron.Neutron;
import io.dualstack.spi.openstack.neutron.Port;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a port to other addresses and prefixes, in an order in which each step that was cut off is
 * found and finished by the next run: take from pools, add routes, change the port, and only then
 * remove routes and give back to pools. A prefix on the port has its route, and a port says itself
 * while something is left to be removed. Thread-safe.
 */
final class PortFitting {
  private static final Logger LOG = LoggerFactory.getLogger(PortFitting.class);

  private final Neutron neutron;
  private final Marks marks;
  private final NetworkView view;
  private final Placement placement;
  private final PrefixRoutes routes;
  private final PoolPrefixes pools;
  private final Adoption adoption;

  PortFitting(
      Neutron neutron, Marks marks, NetworkView view, Placement placement, Adoption adoption) {
    this.neutron = neutron;
    this.marks = marks;
    this.view = view;
    this.placement = placement;
    this.routes = new PrefixRoutes(neutron, marks);
    this.pools = new PoolPrefixes(neutron, marks);
    this.adoption = adoption;
  }

  /**
   * Takes blocks off a port and puts others on it.
   *
   * @param subnetIds the subnet of each network that names one
   * @param poolIds the subnet pool of each network that names one
   */
  Port fit(
      Port port,
      Mark mark,
      Collection<IpPrefix> gone,
      List<NicBlock> more,
      Map<String, String> subnetIds,
      Map<String, String> poolIds) {
    String name = marks.name(mark.identity());
    Map<IpAddress, String> addresses = placement.addresses(port.networkId(), more, subnetIds);
    List<String> open = placement.openSubnets(port.networkId(), more, subnetIds);
    checkFree(port.networkId(), chosen(more), port.id());
    List<IpPrefix> prefixes = take(port, name, more, poolIds);
    PortDraft draft = PortDraft.of(port, gone, addresses, open, prefixes);
    Map<IpPrefix, IpAddress> routed =
        placement.routed(port.networkId(), mark, draft.pairs(), draft.fixedIps());
    if (mark.routerId() != null) {
      routes.add(mark.routerId(), routed);
    }
    boolean leavesMore =
        mark.routerId() != null || !poolIds.isEmpty() || gone.stream().anyMatch(b -> !b.isSingle());
    Mark during = leavesMore ? mark.unfinished(singles(gone)) : null;
    Port now = put(port, gone, addresses, open, prefixes, during);
    if (!now.pairs().isEmpty()) {
      try {
        checkAlone(now);
      } catch (ProviderException conflict) {
        throw backed(port, now, mark, conflict);
      }
    }
    return during == null ? now : finish(now, during);
  }

  /** Gives a port back what it had, and returns why. */
  private ProviderException backed(Port before, Port now, Mark mark, ProviderException conflict) {
    List<IpPrefix> gone = new ArrayList<>(now.blocks());
    gone.removeAll(before.blocks());
    Map<IpAddress, String> addresses = new LinkedHashMap<>();
    before.fixedIps().stream()
        .filter(fixed -> !before.isAutomatic(fixed))
        .forEach(fixed -> addresses.put(fixed.address(), fixed.subnetId()));
    List<IpPrefix> pairs = before.pairs().stream().map(Port.Pair::block).toList();
    Mark during = mark.unfinished(singles(gone));
    try {
      Port back = put(now, gone, addresses, List.of(), pairs, during);
      LOG.atDebug().addKeyValue("port", finish(back, during).id()).log("is as it was");
    } catch (ApiFailure | ProviderException failure) {
      conflict.addSuppressed(failure);
    }
    return conflict;
  }

  private static List<IpAddress> singles(Collection<IpPrefix> blocks) {
    return blocks.stream().filter(IpPrefix::isSingle).map(IpPrefix::address).toList();
  }

  /**
   * Removes what a change has left behind: routes through the port's addresses, present and former,
   * to prefixes that it doesn't have, and what was taken from pools and isn't on it.
   */
  Port finish(Port port, Mark mark) {
    if (mark.routerId() != null) {
      Set<IpAddress> addresses = addressesOf(port);
      addresses.addAll(requireNonNull(mark.former()));
      routes.keepOnly(
          mark.routerId(),
          addresses,
          placement.routed(port.networkId(), mark, port.pairs(), port.fixedIps()));
    }
    pools.release(
        marks.name(mark.identity()),
        prefix -> port.pairs().stream().noneMatch(pair -> pair.block().equals(prefix)));
    return put(port, List.of(), Map.of(), List.of(), List.of(), mark.finished());
  }

  /** Takes all that lies behind a port off it, so that it can be removed. */
  void strip(Port port, Mark mark) {
    String name = marks.name(mark.identity());
    boolean isPooled = !pools.held(name).isEmpty();
    boolean isRouted = mark.routerId() != null;
    if ((isPooled || isRouted) && !port.pairs().isEmpty()) {
      Set<IpPrefix> pairs = new HashSet<>();
      port.pairs().forEach(pair -> pairs.add(pair.block()));
      Port stripped = put(port, pairs, Map.of(), List.of(), List.of(), null);
      LOG.atDebug().addKeyValue("port", stripped.id()).log("has no prefixes any more");
    }
    if (mark.routerId() != null) {
      Set<IpAddress> addresses = addressesOf(port);
      List<IpAddress> former = mark.former();
      addresses.addAll(former == null ? List.of() : former);
      routes.keepOnly(mark.routerId(), addresses, Map.of());
    }
    if (isPooled) {
      release(name);
    }
  }

  /** Gives back what was taken from pools for a NIC. */
  void release(String name) {
    pools.release(name, prefix -> true);
  }

  static List<IpPrefix> chosen(List<NicBlock> blocks) {
    return blocks.stream().flatMap(block -> block.chosenBlock().stream()).toList();
  }

  /** The prefixes of blocks; those of a pool are taken from it, chosen or open. */
  private List<IpPrefix> take(
      Port port, String name, List<NicBlock> blocks, Map<String, String> poolIds) {
    List<IpPrefix> prefixes = new ArrayList<>();
    for (NicBlock block : blocks) {
      if (!block.isPrefix()) {
        continue;
      }
      String pool = poolIds.get(block.network());
      IpPrefix chosen = block.block();
      if (chosen == null) {
        List<IpPrefix> used = new ArrayList<>(prefixes);
        used.addAll(chosen(blocks));
        used.addAll(port.blocks());
        prefixes.add(
            pools.take(
                name,
                requireNonNull(pool, "an open prefix was checked to have a pool"),
                block.family(),
                block.length(),
                placement
                    .allowed(block)
                    .orElseGet(() -> IpSet.all(block.family()))
                    .subtract(heldByOthers(port)),
                used));
      } else {
        if (pool != null) {
          pools.hold(name, pool, chosen);
        }
        prefixes.add(chosen);
      }
    }
    return prefixes;
  }

  private IpSet heldByOthers(Port port) {
    List<IpPrefix> held = new ArrayList<>();
    for (Port other : view.recentPorts(port.networkId())) {
      if (!other.id().equals(port.id())) {
        other.fixedIps().forEach(fixed -> held.add(fixed.address().toPrefix()));
        other.pairs().forEach(pair -> held.add(pair.block()));
      }
    }
    return IpSet.ofPrefixes(held);
  }

  private Port put(
      Port port,
      Collection<IpPrefix> gone,
      Map<IpAddress, String> addresses,
      List<String> open,
      Collection<IpPrefix> prefixes,
      @Nullable Mark described) {
    Port seen = port;
    for (int tried = 1; ; tried++) {
      ObjectNode body = PortDraft.of(seen, gone, addresses, open, prefixes).body();
      if (described != null) {
        body.put("description", marks.description(described));
      }
      try {
        return neutron.updatePort(seen, body);
      } catch (ApiFailure failure) {
        if (!Refusals.isStale(failure) || tried >= neutron.patience().attempts()) {
          throw failure;
        }
        neutron.patience().await(tried, null);
        seen = neutron.port(port.id()).orElseThrow(() -> failure);
      }
    }
  }

  private static Set<IpAddress> addressesOf(Port port) {
    Set<IpAddress> addresses = new HashSet<>();
    port.fixedIps().forEach(fixed -> addresses.add(fixed.address()));
    return addresses;
  }

  /**
   * Checks that no port has these blocks, as Neutron itself lets address pairs overlap. A port that
   * a run of this foundation left behind is removed.
   */
  void checkFree(String networkId, List<IpPrefix> blocks, @Nullable String exceptId) {
    if (NetworkView.holder(view.recentPorts(networkId), blocks, exceptId).isPresent()) {
      checkFreeNow(networkId, blocks, exceptId);
    }
  }

  /** The same, when Neutron has said that a port has one of them. */
  void checkFreeNow(String networkId, List<IpPrefix> blocks, @Nullable String exceptId) {
    for (int tried = 1; ; tried++) {
      Optional<Port> holder = NetworkView.holder(view.portsNow(networkId), blocks, exceptId);
      if (holder.isEmpty()) {
        return;
      }
      if (tried > neutron.patience().attempts() || !removeLeftBehind(holder.get())) {
        throw conflict(holder.get(), blocks);
      }
      if (tried > 1) {
        // It is gone, but still listed.
        neutron.patience().await(tried, null);
      }
    }
  }

  /** Checks after a port was changed that no other has taken the same at the same time. */
  void checkAlone(Port port) {
    List<IpPrefix> blocks = port.blocks();
    for (int tried = 1; ; tried++) {
      List<Port> ports = view.portsNow(port.networkId());
      Optional<Port> holder = NetworkView.holder(ports, blocks, port.id());
      if (holder.isPresent()) {
        throw conflict(holder.get(), blocks);
      }
      if (ports.stream().anyMatch(listed -> listed.id().equals(port.id()))
          || tried >= neutron.patience().attempts()) {
        return;
      }
      neutron.patience().await(tried, null);
    }
  }

  /**
   * Removes a port that this foundation made and no machine uses. Nothing that was recorded gets
   * here: a block of a recorded NIC is refused before.
   */
  boolean removeLeftBehind(Port seen) {
    Optional<Port> port = neutron.port(seen.id());
    if (port.isEmpty()) {
      return true;
    }
    Optional<Mark> mark = marks.read(port.get());
    if (mark.isEmpty()
        || adoption.isAdopted(port.get())
        || !port.get().isUnused()
        || !port.get().status().equals("DOWN")) {
      return false;
    }
    LOG.atInfo()
        .addKeyValue("port", seen.id())
        .addKeyValue("nic", mark.get().identity())
        .log("was left behind; removing it");
    strip(port.get(), mark.get());
    neutron.deletePort(seen.id());
    return true;
  }

  private ProviderException conflict(Port holder, List<IpPrefix> blocks) {
    IpPrefix block = blocks.stream().filter(holder::overlaps).findFirst().orElseThrow();
    return refused(
        Reason.CONFLICT,
        true,
        "%s: port %s%s has it, whole or in part; use another, or free it there"
            .formatted(
                block,
                holder.id(),
                marks.read(holder).map(mark -> " of " + mark.identity()).orElse("")));
  }

  private static ProviderException refused(Reason reason, boolean retryable, String message) {
    return new ProviderException(OpenStackNetworkProvider.NAME, reason, retryable, message, null);
  }
}
