package io.dualstack.spi.openstack;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import io.dualstack.spi.openstack.neutron.Port;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * The addresses and pairs that a port is to have.
 *
 * @param fixedIps its addresses, with the subnets they are of
 * @param open subnets of which Neutron picks an address
 * @param pairs blocks that it may use besides
 */
record PortDraft(List<Port.FixedIp> fixedIps, List<String> open, List<Port.Pair> pairs) {

  /** What a port has, without some and with others. */
  static PortDraft of(
      Port port,
      Collection<IpPrefix> gone,
      Map<IpAddress, String> addresses,
      List<String> open,
      Collection<IpPrefix> prefixes) {
    List<Port.FixedIp> fixedIps = new ArrayList<>();
    port.fixedIps().stream()
        .filter(fixed -> !gone.contains(fixed.address().toPrefix()))
        .forEach(fixedIps::add);
    addresses.forEach(
        (address, subnetId) -> {
          if (fixedIps.stream().noneMatch(fixed -> fixed.address().equals(address))) {
            fixedIps.add(new Port.FixedIp(subnetId, address));
          }
        });
    List<Port.Pair> pairs = new ArrayList<>();
    port.pairs().stream().filter(pair -> !gone.contains(pair.block())).forEach(pairs::add);
    for (IpPrefix prefix : prefixes) {
      if (pairs.stream().noneMatch(pair -> pair.block().equals(prefix))) {
        pairs.add(new Port.Pair(prefix, ""));
      }
    }
    return new PortDraft(fixedIps, open, pairs);
  }

  /** The part of a request's body. */
  ObjectNode body() {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    ArrayNode ips = body.putArray("fixed_ips");
    fixedIps.forEach(
        fixed ->
            ips.addObject()
                .put("subnet_id", fixed.subnetId())
                .put("ip_address", fixed.address().toString()));
    open.forEach(subnetId -> ips.addObject().put("subnet_id", subnetId));
    ArrayNode allowed = body.putArray("allowed_address_pairs");
    pairs.forEach(
        pair -> {
          ObjectNode entry = allowed.addObject().put("ip_address", text(pair.block()));
          if (!pair.mac().isEmpty()) {
            entry.put("mac_address", pair.mac());
          }
        });
    return body;
  }

  private static String text(IpPrefix block) {
    return block.isSingle() ? block.address().toString() : block.toString();
  }

  /** The blocks that the port will have, without those that Neutron picks. */
  List<IpPrefix> blocks() {
    List<IpPrefix> blocks = new ArrayList<>();
    fixedIps.forEach(fixed -> blocks.add(fixed.address().toPrefix()));
    pairs.forEach(pair -> blocks.add(pair.block()));
    return blocks;
  }
}
