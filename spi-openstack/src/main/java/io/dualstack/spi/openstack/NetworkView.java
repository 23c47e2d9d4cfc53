package io.dualstack.spi.openstack;

import io.dualstack.net.IpPrefix;
import io.dualstack.spi.openstack.access.ApiFailure;
import io.dualstack.spi.openstack.neutron.Neutron;
import io.dualstack.spi.openstack.neutron.NeutronSubnet;
import io.dualstack.spi.openstack.neutron.Port;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The ports and subnets of networks as they were listed a moment ago. Those who need a listing at
 * one time share it, so that many NICs that are made side by side don't list all ports each.
 * Thread-safe.
 */
final class NetworkView {
  private static final Duration RECENT = Duration.ofSeconds(10);
  private static final Duration SUBNETS_RECENT = Duration.ofSeconds(60);

  /** Lists of one network. */
  private static final class Shared<T> {
    private long begun;
    private long done;
    private long doneAt;
    private boolean running;
    private @Nullable List<T> last;
  }

  private final Neutron neutron;
  private final Map<String, Shared<Port>> ports = new ConcurrentHashMap<>();
  private final Map<String, Shared<NeutronSubnet>> subnets = new ConcurrentHashMap<>();

  NetworkView(Neutron neutron) {
    this.neutron = neutron;
  }

  /** The ports of a network, seconds old at most. */
  List<Port> recentPorts(String networkId) {
    return recent(ports, networkId, RECENT, this::listPorts);
  }

  /** The ports of a network, listed after this was called. */
  List<Port> portsNow(String networkId) {
    return now(ports, networkId, this::listPorts);
  }

  /** The subnets of a network, a minute old at most. */
  List<NeutronSubnet> subnets(String networkId) {
    return recent(subnets, networkId, SUBNETS_RECENT, this::listSubnets);
  }

  /** The subnets of a network, listed after this was called. */
  List<NeutronSubnet> subnetsNow(String networkId) {
    return now(subnets, networkId, this::listSubnets);
  }

  private List<Port> listPorts(String networkId) {
    return neutron.ports(Map.of("network_id", networkId));
  }

  private List<NeutronSubnet> listSubnets(String networkId) {
    return neutron.subnets(Map.of("network_id", networkId));
  }

  /** The first port that has a part of one of these blocks, and isn't this one. */
  static Optional<Port> holder(
      List<Port> ports, Collection<IpPrefix> blocks, @Nullable String exceptId) {
    return ports.stream()
        .filter(port -> !port.id().equals(exceptId))
        .filter(port -> blocks.stream().anyMatch(port::overlaps))
        .findFirst();
  }

  private static <T> List<T> recent(
      Map<String, Shared<T>> all, String key, Duration age, Function<String, List<T>> list) {
    Shared<T> shared = all.computeIfAbsent(key, id -> new Shared<>());
    synchronized (shared) {
      if (shared.last != null && System.nanoTime() - shared.doneAt < age.toNanos()) {
        return shared.last;
      }
    }
    return now(all, key, list);
  }

  private static <T> List<T> now(
      Map<String, Shared<T>> all, String key, Function<String, List<T>> list) {
    Shared<T> shared = all.computeIfAbsent(key, id -> new Shared<>());
    long mine;
    synchronized (shared) {
      long before = shared.begun;
      while (shared.running && shared.done <= before) {
        await(shared);
      }
      if (shared.done > before && shared.last != null) {
        return shared.last;
      }
      shared.running = true;
      mine = ++shared.begun;
    }
    @Nullable List<T> listed = null;
    try {
      listed = list.apply(key);
      return listed;
    } finally {
      synchronized (shared) {
        shared.running = false;
        if (listed != null) {
          shared.last = listed;
          shared.done = mine;
          shared.doneAt = System.nanoTime();
        }
        shared.notifyAll();
      }
    }
  }

  private static void await(Object shared) {
    try {
      shared.wait();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ApiFailure.unanswered(true, "interrupted while ports are listed", e);
    }
  }
}
