package io.dualstack.impl.lease.agent;

import com.fasterxml.jackson.databind.JsonNode;
import io.dualstack.DualstackException;
import io.dualstack.KernelException;
import io.dualstack.impl.kernel.IpBatch;
import io.dualstack.impl.kernel.IpJson;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.lease.AgentConfig.VtepConfig;
import io.dualstack.lease.CellLease;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.MacAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** The overlay device of a cell: a VXLAN tunnel endpoint. Its kernel state is the only state. */
final class Vtep {

  /**
   * What the kernel tells of the device.
   *
   * @param hardwareAddress its hardware address
   * @param mtu the largest packet it takes, in bytes
   * @param overlayIp its first IPv4 address; null while it has none
   */
  record State(MacAddress hardwareAddress, int mtu, @Nullable IpAddress overlayIp) {}

  private final Namespace namespace;
  private final VtepConfig config;
  private final IpAddress underlayIp;

  Vtep(Namespace namespace, VtepConfig config, IpAddress underlayIp) {
    this.namespace = namespace;
    this.config = config;
    this.underlayIp = underlayIp;
  }

  String name() {
    return config.name();
  }

  /**
   * Reads the device; empty when there is none of its name.
   *
   * @throws KernelException if it is no VXLAN device, which is not to be touched
   */
  Optional<State> read() {
    return device(config.name()).map(this::state);
  }

  /** One question for all devices, as to name one that is not there is an error. */
  private Optional<JsonNode> device(String name) {
    return IpJson.read(namespace, "-details", "address", "show").stream()
        .filter(device -> device.path("ifname").asText().equals(name))
        .findFirst();
  }

  private State state(JsonNode device) {
    if (!device.path("linkinfo").path("info_kind").asText().equals("vxlan")) {
      throw new KernelException(
          "read the device " + config.name(),
          "it is no VXLAN device; remove it, or configure another vtep_name",
          null);
    }
    return new State(
        MacAddress.parse(device.path("address").asText()),
        device.path("mtu").asInt(),
        addresses(device).stream().findFirst().orElse(null));
  }

  private static List<IpAddress> addresses(JsonNode device) {
    return StreamSupport.stream(device.path("addr_info").spliterator(), false)
        .filter(address -> address.path("family").asText().equals("inet"))
        .map(address -> IpAddress.parse(address.path("local").asText()))
        .toList();
  }

  /**
   * Makes the device and gives it the lease's addresses, or leaves none behind.
   *
   * @param network the overlay network, which is on the other side of the device
   */
  void create(CellLease lease, IpPrefix network) {
    List<String> commands =
        List.of(
            "link add name %s address %s type vxlan id %d local %s dev %s dstport %d nolearning gbp"
                .formatted(
                    config.name(),
                    lease.hardwareAddress(),
                    config.vni(),
                    underlayIp,
                    underlayDevice(),
                    config.port()),
            "link set dev %s up".formatted(config.name()),
            addressing(config.name(), lease, network));
    try {
      IpBatch.run(namespace, commands);
    } catch (KernelException e) {
      undo(lease, e);
      throw e;
    }
  }

  /** Returns the words that give the device its address. */
  static String addressing(String device, CellLease lease, IpPrefix network) {
    return "address add %s/%d dev %s scope link"
        .formatted(lease.overlayIp(), network.length(), device);
  }

  private void undo(CellLease lease, KernelException reason) {
    try {
      if (read().filter(s -> s.hardwareAddress().equals(lease.hardwareAddress())).isPresent()) {
        delete();
      }
    } catch (DualstackException e) {
      reason.addSuppressed(e);
    }
  }

  private String underlayDevice() {
    if (config.underlayDevice() != null) {
      return config.underlayDevice();
    }
    return IpJson.read(namespace, "-4", "address", "show").stream()
        .filter(device -> addresses(device).contains(underlayIp))
        .findFirst()
        .orElseThrow(
            () ->
                new KernelException(
                    "find the device of " + underlayIp,
                    "no device has this address; set underlay_ip to an address of this machine",
                    null))
        .path("ifname")
        .asText();
  }

  /** Removes the device, and with it its routes and neighbors. Removing none is no error. */
  void delete() {
    if (read().isPresent()) {
      IpBatch.run(namespace, List.of("link delete dev " + config.name()));
    }
  }
}
