package io.dualstack.impl.lab.trace;

import io.dualstack.impl.lab.LabModel;
import io.dualstack.net.MacAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The kernels of a lab's namespaces while the packet is on its way. */
final class KernelWatch implements AutoCloseable {
  private final Map<String, LabModel.Host> names = new LinkedHashMap<>();
  private final Map<String, KernelHost> hosts = new LinkedHashMap<>();
  private final Map<String, Sighting> sightings = new LinkedHashMap<>();

  private KernelWatch() {}

  /** Has these kernels tell of the packet; what was there before of another watch is removed. */
  static KernelWatch open(LabModel model, Iterable<LabModel.Host> watched, PacketMatch match) {
    KernelWatch watch = new KernelWatch();
    try {
      for (LabModel.Host each : watched) {
        KernelHost host = KernelHost.open(model.view().place().namespace(each.name()));
        watch.names.put(each.name(), each);
        watch.hosts.put(each.name(), host);
        host.watch(match);
        if (HostTables.read(each.words()).hasBridge()) {
          host.watchBridge(match);
        }
      }
      return watch;
    } catch (RuntimeException e) {
      try (watch) {
        throw e;
      }
    }
  }

  KernelHost host(String name) {
    return Optional.ofNullable(hosts.get(name)).orElseThrow();
  }

  /** Takes down what was told by now. */
  void read() {
    hosts.forEach((name, host) -> sightings.put(name, host.sighting()));
  }

  Sighting sighting(String name) {
    return sightings.getOrDefault(name, Sighting.NONE);
  }

  /** The hosts that the packet came to. */
  Iterable<LabModel.Host> visited() {
    return names.values().stream().filter(host -> sighting(host.name()).isSeen()).toList();
  }

  /** What people call the host that has a hardware address, or the address. */
  String holder(MacAddress address) {
    return hosts.entrySet().stream()
        .filter(host -> host.getValue().has(address))
        .map(host -> Optional.ofNullable(names.get(host.getKey())).orElseThrow().label())
        .findFirst()
        .orElse(address.toString());
  }

  @Override
  public void close() {
    RuntimeException failed = null;
    for (KernelHost host : hosts.values()) {
      try {
        host.close();
      } catch (RuntimeException e) {
        if (failed == null) {
          failed = e;
        } else {
          failed.addSuppressed(e);
        }
      }
    }
    if (failed != null) {
      throw failed;
    }
  }
}
