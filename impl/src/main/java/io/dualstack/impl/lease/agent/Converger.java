package io.dualstack.impl.lease.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dualstack.KernelException;
import io.dualstack.impl.kernel.IpBatch;
import io.dualstack.impl.kernel.IpJson;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.impl.kernel.Tool;
import io.dualstack.impl.lease.agent.OverlayEntries.Via;
import io.dualstack.lease.AgentConfig;
import io.dualstack.lease.CellLease;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.MacAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Makes the overlay device lead to the cells that have leases and to no others. Reads what is there
 * and changes what differs: with one {@code ip -batch} for routes and neighbors, and one {@code
 * bridge -batch} for the forwarding database, which {@code ip} can't write. Where nothing differs
 * nothing is run.
 */
final class Converger {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Namespace namespace;
  private final AgentConfig config;
  private final String device;

  Converger(Namespace namespace, AgentConfig config) {
    this.namespace = namespace;
    this.config = config;
    this.device = config.vtep().name();
  }

  /**
   * Converges.
   *
   * @return how many entries were changed
   * @throws KernelException if the kernel refused one; the next time goes on from there
   */
  int converge(CellLease own, List<CellLease> leases) {
    OverlayEntries wanted = OverlayEntries.wanted(config, own, leases);
    OverlayEntries found = new OverlayEntries(routes(), neighbors(), forwarding());
    List<String> bridge = wanted.bridgeCommands(found, device);
    if (!bridge.isEmpty()) {
      String output =
          Tool.run(namespace, List.of("bridge", "-batch", "-"), String.join("\n", bridge) + "\n");
      if (!output.isBlank()) {
        throw new KernelException("bridge -batch in " + namespace, output.strip(), null);
      }
    }
    List<String> ip = wanted.ipCommands(found, device);
    IpBatch.run(namespace, ip);
    return bridge.size() + ip.size();
  }

  /** The routes that this class may have made: through an overlay address, on this device. */
  private Map<IpPrefix, Via> routes() {
    Map<IpPrefix, Via> found = new TreeMap<>();
    for (JsonNode route : IpJson.read(namespace, "-4", "route", "show", "dev", device)) {
      String gateway = route.path("gateway").asText("");
      String destination = route.path("dst").asText("");
      if (gateway.isEmpty() || destination.equals("default")) {
        continue;
      }
      Via via =
          new Via(
              IpAddress.parse(gateway),
              route.has("prefsrc") ? IpAddress.parse(route.path("prefsrc").asText()) : null,
              contains(route.path("flags"), "onlink"));
      if (OverlayNetworks.networkOf(config, via.gateway()) != null) {
        found.put(
            destination.contains("/")
                ? IpPrefix.parse(destination)
                : IpPrefix.single(IpAddress.parse(destination)),
            via);
      }
    }
    return found;
  }

  /** The permanent neighbors; the kernel's own come and go by themselves. */
  private Map<IpAddress, MacAddress> neighbors() {
    Map<IpAddress, MacAddress> found = new TreeMap<>();
    for (JsonNode neighbor :
        IpJson.read(namespace, "-4", "neighbor", "show", "nud", "permanent", "dev", device)) {
      found.put(
          IpAddress.parse(neighbor.path("dst").asText()),
          MacAddress.parse(neighbor.path("lladdr").asText()));
    }
    return found;
  }

  private Map<MacAddress, Set<IpAddress>> forwarding() {
    Map<MacAddress, Set<IpAddress>> found = new TreeMap<>();
    String answer =
        Tool.run(namespace, List.of("bridge", "-json", "fdb", "show", "dev", device), "");
    try {
      for (JsonNode entry : JSON.readTree(answer.isBlank() ? "[]" : answer)) {
        if (entry.has("dst") && entry.path("state").asText().equals("permanent")) {
          found
              .computeIfAbsent(MacAddress.parse(entry.path("mac").asText()), mac -> new TreeSet<>())
              .add(IpAddress.parse(entry.path("dst").asText()));
        }
      }
    } catch (JsonProcessingException e) {
      throw new KernelException("bridge -json fdb", "answered no JSON: " + answer, e);
    }
    return found;
  }

  private static boolean contains(JsonNode array, String word) {
    for (JsonNode each : array) {
      if (each.asText().equals(word)) {
        return true;
      }
    }
    return false;
  }
}
