package io.dualstack.impl.lab.trace;

import com.fasterxml.jackson.databind.JsonNode;
import io.dualstack.KernelException;
import io.dualstack.impl.kernel.IpJson;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.impl.kernel.Nft;
import io.dualstack.impl.kernel.Tool;
import io.dualstack.impl.kernel.nftables.TraceEvent;
import io.dualstack.impl.kernel.nftables.TraceNotices;
import io.dualstack.impl.kernel.rtnetlink.FoundNeighbor;
import io.dualstack.impl.kernel.rtnetlink.FoundRoute;
import io.dualstack.net.IpAddress;
import io.dualstack.net.MacAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The kernel of one namespace, which is watched and asked. */
final class KernelHost implements AutoCloseable {
  private static final Duration QUIET = Duration.ofMillis(20);

  /** NFPROTO_*, as {@code nft} calls them. */
  private static final Map<Integer, String> FAMILIES =
      Map.of(1, "inet", 2, "ip", 3, "arp", 5, "netdev", 7, "bridge", 10, "ip6");

  private final Namespace namespace;
  private final Nft nft;
  private final Map<Integer, String> devices = new HashMap<>();
  private final Set<MacAddress> hardware = new TreeSet<>();
  private @Nullable TraceNotices notices;
  private boolean watchesBridge;

  private KernelHost(Namespace namespace) {
    this.namespace = namespace;
    this.nft = Nft.open(namespace);
    for (JsonNode link : IpJson.read(namespace, "link", "show")) {
      devices.put(link.path("ifindex").asInt(), link.path("ifname").asText());
      MacAddress.tryParse(link.path("address").asText()).ifPresent(hardware::add);
    }
  }

  static KernelHost open(Path file) {
    Namespace namespace = Namespace.open(file);
    try {
      return new KernelHost(namespace);
    } catch (RuntimeException e) {
      namespace.close();
      throw e;
    }
  }

  Namespace namespace() {
    return namespace;
  }

  // Watching

  void watch(PacketMatch match) {
    notices = TraceNotices.open(namespace);
    nft.run(TraceTable.script(match));
  }

  /** Watches its bridges too, if its kernel can. */
  void watchBridge(PacketMatch match) {
    try {
      nft.run(TraceTable.bridgeScript(match));
      watchesBridge = true;
    } catch (KernelException noSuchFamily) {
      watchesBridge = false;
    }
  }

  boolean watchesBridge() {
    return watchesBridge;
  }

  Sighting sighting() {
    TraceNotices open = notices;
    return open == null ? Sighting.NONE : Sighting.of(open.read(QUIET));
  }

  // Asking

  String device(int number) {
    return devices.getOrDefault(number, number == 0 ? "" : "device " + number);
  }

  Optional<Integer> device(String name) {
    return devices.entrySet().stream()
        .filter(device -> device.getValue().equals(name))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  boolean has(MacAddress address) {
    return hardware.contains(address);
  }

  FoundRoute route(IpAddress destination, FoundRoute.@Nullable Arrival arrival) {
    return FoundRoute.of(namespace, destination, arrival);
  }

  Optional<FoundNeighbor> neighbor(IpAddress address, int device) {
    return FoundNeighbor.of(namespace, address, device);
  }

  Optional<FoundNeighbor> forwarding(MacAddress to, int device) {
    return FoundNeighbor.forwarding(namespace, to, device);
  }

  /** The rule that an event is about, as {@code nft} lists it; empty if it is gone by now. */
  String rule(TraceEvent event) {
    String family = FAMILIES.getOrDefault(event.family(), "inet");
    String end = " # handle " + event.rule();
    try {
      return Tool.run(
              namespace,
              List.of("nft", "-a", "list", "chain", family, event.table(), event.chain()),
              "")
          .lines()
          .filter(line -> line.endsWith(end))
          .map(line -> line.substring(0, line.length() - end.length()).strip())
          .findFirst()
          .orElse("");
    } catch (KernelException noSuchChain) {
      return "";
    }
  }

  /** Whether it has rules of the variant of iptables that nftables knows nothing of. */
  boolean hasLegacyRules() {
    return hasLegacyRules("ip_tables_names", "iptables-legacy-save")
        || hasLegacyRules("ip6_tables_names", "ip6tables-legacy-save");
  }

  private boolean hasLegacyRules(String tables, String saving) {
    String names =
        Tool.run(
            namespace,
            List.of("sh", "-c", "cat /proc/self/net/%s 2>/dev/null || :".formatted(tables)),
            "");
    if (names.isBlank()) {
      return false;
    }
    try {
      return Tool.run(namespace, List.of(saving), "").lines().anyMatch(l -> l.startsWith("-A "));
    } catch (KernelException notInstalled) {
      return true;
    }
  }

  @Override
  public void close() {
    try (namespace;
        nft;
        TraceNotices open = notices) {
      if (open != null) {
        nft.run(TraceTable.removal());
        if (watchesBridge) {
          nft.run(TraceTable.bridgeRemoval());
        }
      }
    }
  }
}
