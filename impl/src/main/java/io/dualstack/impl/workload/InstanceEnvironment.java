package io.dualstack.impl.workload;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.net.IpAddress;
import io.dualstack.workload.EnvironmentOptions;
import io.dualstack.workload.NetInfo;
import io.dualstack.workload.PortMapping;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The network variables of an instance's environment. */
final class InstanceEnvironment {
  private static final ObjectMapper JSON = new ObjectMapper();

  private InstanceEnvironment() {}

  static Map<String, String> of(NetInfo instance, EnvironmentOptions options) {
    IpAddress cell = Required.address("the cell", instance.address());
    IpAddress container = Required.address("the container", instance.instanceAddress());
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("CF_INSTANCE_IP", cell.toString());
    variables.put("CF_INSTANCE_INTERNAL_IP", container.toString());
    instance
        .ipv6()
        .ifPresent(address -> variables.put("CF_INSTANCE_INTERNAL_IPV6", address.toString()));
    putPorts(variables, cell, instance.ports());
    if (options.ipv6Endpoints()) {
      instance.ipv6().ifPresent(address -> putIpv6Ports(variables, address, instance.ports()));
    }
    return Collections.unmodifiableMap(variables);
  }

  private static void putPorts(
      Map<String, String> variables, IpAddress cell, List<PortMapping> ports) {
    if (ports.isEmpty()) {
      variables.put("CF_INSTANCE_PORT", "");
      variables.put("CF_INSTANCE_ADDR", "");
    } else if (ports.get(0).hostPort() != 0) {
      int port = ports.get(0).hostPort();
      variables.put("CF_INSTANCE_PORT", Integer.toString(port));
      variables.put("CF_INSTANCE_ADDR", cell.toUriHost() + ":" + port);
    }
    ArrayNode mappings = JSON.createArrayNode();
    for (PortMapping mapping : ports) {
      ObjectNode node = mappings.addObject();
      putUnlessZero(node, "external", mapping.hostPort());
      node.put("internal", mapping.containerPort());
      putUnlessZero(node, "external_tls_proxy", mapping.hostTlsProxyPort());
      putUnlessZero(node, "internal_tls_proxy", mapping.containerTlsProxyPort());
    }
    variables.put("CF_INSTANCE_PORTS", mappings.toString());
  }

  /** By IPv6 no port is mapped: what is reached is the container's own. */
  private static void putIpv6Ports(
      Map<String, String> variables, IpAddress container, List<PortMapping> ports) {
    if (ports.isEmpty()) {
      return;
    }
    int port = ports.get(0).containerPort();
    variables.put("CF_INSTANCE_PORT_IPV6", Integer.toString(port));
    variables.put("CF_INSTANCE_ADDR_IPV6", container.toUriHost() + ":" + port);
    ArrayNode own = JSON.createArrayNode();
    for (PortMapping mapping : ports) {
      ObjectNode node = own.addObject().put("internal", mapping.containerPort());
      putUnlessZero(node, "internal_tls_proxy", mapping.containerTlsProxyPort());
    }
    variables.put("CF_INSTANCE_PORTS_IPV6", own.toString());
  }

  private static void putUnlessZero(ObjectNode node, String key, int port) {
    if (port != 0) {
      node.put(key, port);
    }
  }
}
