package io.dualstack.impl.workload;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.Diagnostic;
import io.dualstack.InvalidConfigurationException;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.workload.NetInfo;
import io.dualstack.workload.PortMapping;
import io.dualstack.workload.PreferredAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Net info as the JSON of an actual LRP has it. */
final class NetInfoFormat {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ADDRESS = "address";
  private static final String PORTS = "ports";
  private static final String INSTANCE_ADDRESS = "instance_address";
  private static final String PREFERRED = "preferred_address";
  private static final String INSTANCE_IPV6 = "instance_ipv6_address";
  private static final Set<String> KNOWN =
      Set.of(ADDRESS, PORTS, INSTANCE_ADDRESS, PREFERRED, INSTANCE_IPV6);

  private final List<Diagnostic> faults = new ArrayList<>();

  private NetInfoFormat() {}

  static String write(NetInfo instance) {
    ObjectNode node = JSON.createObjectNode();
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
    instance.otherFields().forEach((key, value) -> node.set(key, JSON.valueToTree(value)));
    return node.toString();
  }

  private static String text(@Nullable IpAddress address) {
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
    NetInfoFormat format = new NetInfoFormat();
    NetInfo read = format.readObject(json);
    if (!format.faults.isEmpty()) {
      throw new InvalidConfigurationException(format.faults);
    }
    return read;
  }

  private NetInfo readObject(String json) {
    JsonNode node;
    try {
      node = JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw refused("", "is no JSON: " + e.getOriginalMessage());
    }
    if (node == null || !node.isObject()) {
      throw refused("", "is no JSON object");
    }
    Map<String, Object> others = new LinkedHashMap<>();
    node.fields()
        .forEachRemaining(
            field -> {
              if (!KNOWN.contains(field.getKey())) {
                others.put(field.getKey(), JSON.convertValue(field.getValue(), ANY));
              }
            });
    return new NetInfo(
        address(node, ADDRESS, null),
        ports(node.path(PORTS)),
        address(node, INSTANCE_ADDRESS, IpFamily.IPV4),
        preferred(node.path(PREFERRED)),
        address(node, INSTANCE_IPV6, IpFamily.IPV6),
        others);
  }

  private static final TypeReference<Object> ANY = new TypeReference<>() {};

  private @Nullable IpAddress address(JsonNode node, String key, @Nullable IpFamily family) {
    JsonNode value = node.path(key);
    if (value.isMissingNode() || value.isNull() || value.asText().isEmpty()) {
      return null;
    }
    try {
      IpAddress address = IpAddress.parse(value.asText());
      return family == null ? address : address.requireFamily(family).requireNative();
    } catch (IllegalArgumentException e) {
      fault("/" + key, String.valueOf(e.getMessage()));
      return null;
    }
  }

  private List<PortMapping> ports(JsonNode array) {
    List<PortMapping> ports = new ArrayList<>();
    if (!array.isArray() && !array.isMissingNode() && !array.isNull()) {
      fault("/" + PORTS, array + ": must be an array");
    }
    for (int i = 0; i < array.size(); i++) {
      JsonNode port = array.get(i);
      try {
        ports.add(
            new PortMapping(
                number(port, "container_port"),
                number(port, "host_port"),
                number(port, "container_tls_proxy_port"),
                number(port, "host_tls_proxy_port")));
      } catch (IllegalArgumentException e) {
        fault("/" + PORTS + "/" + i, String.valueOf(e.getMessage()));
      }
    }
    return ports;
  }

  private static int number(JsonNode port, String key) {
    JsonNode value = port.path(key);
    if (!value.isMissingNode() && !value.isNull() && !value.canConvertToInt()) {
      throw new IllegalArgumentException(key + ": " + value + " is no port");
    }
    return value.asInt(0);
  }

  private PreferredAddress preferred(JsonNode value) {
    if (value.isMissingNode() || value.isNull() || value.asText().isEmpty()) {
      return PreferredAddress.UNKNOWN;
    }
    Optional<PreferredAddress> found =
        Arrays.stream(PreferredAddress.values())
            .filter(preferred -> preferred.name().equals(value.asText()))
            .findFirst();
    if (found.isEmpty()) {
      fault(
          "/" + PREFERRED,
          value + ": must be one of " + Arrays.toString(PreferredAddress.values()));
    }
    return found.orElse(PreferredAddress.UNKNOWN);
  }

  private void fault(String pointer, String message) {
    faults.add(Diagnostic.error(pointer, "NetInfoInvalid", message));
  }

  private static InvalidConfigurationException refused(String pointer, String message) {
    return new InvalidConfigurationException(
        List.of(Diagnostic.error(pointer, "NetInfoInvalid", message)));
  }
}
