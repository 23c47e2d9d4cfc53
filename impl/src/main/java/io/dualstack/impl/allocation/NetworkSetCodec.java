package io.dualstack.impl.allocation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.StoreUnavailableException;
import io.dualstack.allocation.NetworkDefinition;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.allocation.PrefixChooser;
import io.dualstack.allocation.Subnet;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * Networks as the store's document keeps them. The text is canonical: equal networks give equal
 * texts, so that texts can be compared.
 */
final class NetworkSetCodec {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);
  private static final TypeReference<Map<String, Object>> PROPERTIES = new TypeReference<>() {};

  private NetworkSetCodec() {}

  static String format(NetworkSet networks) {
    ArrayNode all = JSON.createArrayNode();
    for (NetworkDefinition network : networks.all()) {
      ObjectNode node = all.addObject().put("name", network.name());
      if (network instanceof NetworkDefinition.Manual manual) {
        node.put("type", "manual");
        ArrayNode subnets = node.putArray("subnets");
        manual.subnets().forEach(subnet -> format(subnet, subnets.addObject()));
      } else if (network instanceof NetworkDefinition.Dynamic dynamic) {
        node.put("type", "dynamic");
        ArrayNode subnets = node.putArray("subnets");
        for (NetworkDefinition.DynamicSubnet subnet : dynamic.subnets()) {
          ObjectNode part = subnets.addObject();
          texts(part, "dns", subnet.dns());
          texts(part, "zones", subnet.zones());
          properties(part, subnet.cloudProperties());
        }
      } else if (network instanceof NetworkDefinition.Vip vip) {
        node.put("type", "vip");
        properties(node, vip.cloudProperties());
        ArrayNode subnets = node.putArray("subnets");
        for (NetworkDefinition.VipSubnet subnet : vip.subnets()) {
          ObjectNode part = subnets.addObject();
          texts(part, "static", subnet.statics());
          texts(part, "zones", subnet.zones());
        }
      } else {
        throw new IllegalStateException("unknown type of network: " + network);
      }
    }
    return all.toString();
  }

  private static void format(Subnet subnet, ObjectNode node) {
    node.put("range", subnet.range().toString()).put("prefix", subnet.prefixLength());
    subnet.gatewayAddress().ifPresent(gateway -> node.put("gateway", gateway.toString()));
    texts(node, "dns", subnet.dns());
    texts(node, "reserved", subnet.reserved().ranges());
    texts(node, "static", subnet.statics().ranges());
    texts(node, "zones", subnet.zones());
    node.put("chosen_by", subnet.chooser().name().toLowerCase(Locale.ROOT));
    properties(node, subnet.cloudProperties());
  }

  private static void texts(ObjectNode node, String field, List<?> values) {
    if (!values.isEmpty()) {
      ArrayNode array = node.putArray(field);
      values.forEach(value -> array.add(value.toString()));
    }
  }

  private static void properties(ObjectNode node, Map<String, Object> properties) {
    if (!properties.isEmpty()) {
      node.set("cloud_properties", JSON.valueToTree(properties));
    }
  }

  static NetworkSet parse(String text) {
    try {
      List<NetworkDefinition> networks = new ArrayList<>();
      for (JsonNode node : JSON.readTree(text)) {
        networks.add(network(node));
      }
      return NetworkSet.of(networks);
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new StoreUnavailableException(
          "the networks in the store can't be read: "
              + e.getMessage()
              + "; apply the cloud config again with the version that wrote them",
          false,
          e);
    }
  }

  private static NetworkDefinition network(JsonNode node) {
    String name = node.path("name").asText();
    String type = node.path("type").asText();
    switch (type) {
      case "manual":
        List<Subnet> subnets = new ArrayList<>();
        node.path("subnets").forEach(subnet -> subnets.add(subnet(subnet)));
        return new NetworkDefinition.Manual(name, subnets);
      case "dynamic":
        List<NetworkDefinition.DynamicSubnet> parts = new ArrayList<>();
        for (JsonNode part : node.path("subnets")) {
          parts.add(
              new NetworkDefinition.DynamicSubnet(
                  list(part, "dns", IpAddress::parse),
                  list(part, "zones", zone -> zone),
                  properties(part)));
        }
        return new NetworkDefinition.Dynamic(name, parts);
      case "vip":
        List<NetworkDefinition.VipSubnet> addresses = new ArrayList<>();
        for (JsonNode part : node.path("subnets")) {
          addresses.add(
              new NetworkDefinition.VipSubnet(
                  list(part, "static", IpRange::parse), list(part, "zones", zone -> zone)));
        }
        return new NetworkDefinition.Vip(name, addresses, properties(node));
      default:
        throw new IllegalArgumentException("network " + name + ": unknown type \"" + type + "\"");
    }
  }

  private static Subnet subnet(JsonNode node) {
    JsonNode gateway = node.path("gateway");
    return Subnet.of(IpPrefix.parse(node.path("range").asText()))
        .prefixLength(node.path("prefix").asInt())
        .gateway(gateway.isTextual() ? IpAddress.parse(gateway.asText()) : null)
        .dns(list(node, "dns", IpAddress::parse))
        .reserved(IpSet.of(list(node, "reserved", IpRange::parse)))
        .statics(IpSet.of(list(node, "static", IpRange::parse)))
        .zones(list(node, "zones", zone -> zone))
        .chooser(PrefixChooser.valueOf(node.path("chosen_by").asText().toUpperCase(Locale.ROOT)))
        .cloudProperties(properties(node))
        .build();
  }

  private static <T> List<T> list(JsonNode node, String field, Function<String, T> parser) {
    List<T> values = new ArrayList<>();
    node.path(field).forEach(value -> values.add(parser.apply(value.asText())));
    return values;
  }

  private static Map<String, Object> properties(JsonNode node) {
    JsonNode properties = node.path("cloud_properties");
    return properties.isObject() ? JSON.convertValue(properties, PROPERTIES) : Map.of();
  }
}
