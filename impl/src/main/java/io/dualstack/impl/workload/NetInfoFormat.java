package io.dualstack.impl.workload;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.impl.json.JsonValues;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.PortRange;
import io.dualstack.workload.NetInfo;
import io.dualstack.workload.PortMapping;
import io.dualstack.workload.PreferredAddress;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Net info as the JSON of an actual LRP has it: its fields are among the record's. */
final class NetInfoFormat {
  private static final String ADDRESS = "address";
  private static final String PORTS = "ports";
  private static final String INSTANCE_ADDRESS = "instance_address";
  private static final String PREFERRED = "preferred_address";
  private static final String INSTANCE_IPV6 = "instance_ipv6_address";

  /** The fields of net info. */
  static final Set<String> KNOWN =
      Set.of(ADDRESS, PORTS, INSTANCE_ADDRESS, PREFERRED, INSTANCE_IPV6);

  private NetInfoFormat() {}

  static String write(NetInfo instance) {
    ObjectNode node = Fields.object();
    put(node, instance);
    JsonValues.addOthers("net info", instance.otherFields(), KNOWN, node);
    return node.toString();
  }

  /** Adds the fields of net info to an object. */
  static void put(ObjectNode node, NetInfo instance) {
    node.put(ADDRESS, text(instance.address()));
    ArrayNode ports = node.putArray(PORTS);
    for (PortMapping mapping : instance.ports()) {
      ObjectNode port =
          ports
              .addObject()
              .put("container_port", mapping.containerPort())
              .put("host_port", mapping.hostPort());
      putUnlessZero(port, "container_tls_proxy_port", mapping.containerTlsProxyPort());
      putUnlessZero(port, "host_tls_proxy_port", mapping.hostTlsProxyPort());
    }
    putUnlessEmpty(node, INSTANCE_ADDRESS, text(instance.instanceAddress()));
    node.put(PREFERRED, instance.preferred().name());
    putUnlessEmpty(node, INSTANCE_IPV6, text(instance.instanceIpv6Address()));
  }

  /** Returns an address as text; empty if there is none. */
  static String text(@Nullable IpAddress address) {
    return address == null ? "" : address.toString();
  }

  private static void putUnlessEmpty(ObjectNode node, String key, String value) {
    if (!value.isEmpty()) {
      node.put(key, value);
    }
  }

  private static void putUnlessZero(ObjectNode node, String key, int value) {
    if (value != 0) {
      node.put(key, value);
    }
  }

  static NetInfo read(String json) {
    return Fields.read(
        json, "NetInfoInvalid", fields -> read(fields, fields.others(NetInfoFormat.KNOWN)));
  }

  /** Reads net info that is among other fields. */
  static NetInfo read(Fields fields, Map<String, Object> others) {
    return new NetInfo(
        fields.address(ADDRESS, null),
        fields.each(PORTS, NetInfoFormat::port),
        fields.address(INSTANCE_ADDRESS, IpFamily.IPV4),
        preferred(fields),
        fields.address(INSTANCE_IPV6, IpFamily.IPV6),
        others);
  }

  private static PortMapping port(Fields port) {
    return new PortMapping(
        (int) port.number("container_port", PortRange.MAX),
        (int) port.number("host_port", PortRange.MAX),
        (int) port.number("container_tls_proxy_port", PortRange.MAX),
        (int) port.number("host_tls_proxy_port", PortRange.MAX));
  }

  private static PreferredAddress preferred(Fields fields) {
    String text = fields.textOrEmpty(PREFERRED);
    if (text.isEmpty()) {
      return PreferredAddress.UNKNOWN;
    }
    Optional<PreferredAddress> found =
        Arrays.stream(PreferredAddress.values())
            .filter(preferred -> preferred.name().equals(text))
            .findFirst();
    if (found.isEmpty()) {
      fields.fault(
          PREFERRED,
          "\"%s\": must be one of %s".formatted(text, Arrays.toString(PreferredAddress.values())));
    }
    return found.orElse(PreferredAddress.UNKNOWN);
  }
}
