package io.dualstack.impl.director.bosh;

import io.dualstack.allocation.NetworkDefinition;
import io.dualstack.allocation.NetworkDefinition.Dynamic;
import io.dualstack.allocation.NetworkDefinition.DynamicSubnet;
import io.dualstack.allocation.NetworkDefinition.Manual;
import io.dualstack.allocation.NetworkDefinition.Vip;
import io.dualstack.allocation.NetworkDefinition.VipSubnet;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.allocation.PrefixChooser;
import io.dualstack.allocation.Subnet;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/** Writes networks as a cloud config, in one of the many ways in which that can be done. */
final class YamlRendering {

  private final Random random;
  private final StringBuilder out = new StringBuilder();

  private YamlRendering(Random random) {
    this.random = random;
  }

  static String of(NetworkSet networks, Random random) {
    YamlRendering rendering = new YamlRendering(random);
    rendering.out.append("azs:\n- name: z1\n- {name: z2}\n- name: 'z3'\nnetworks:\n");
    networks.all().forEach(rendering::network);
    return rendering.out.toString();
  }

  private void network(NetworkDefinition network) {
    line("- name: " + network.name());
    if (network instanceof Manual manual) {
      if (random.nextBoolean()) {
        line("  type: manual");
      }
      line("  subnets:");
      manual.subnets().forEach(this::subnet);
    } else if (network instanceof Dynamic dynamic) {
      line("  type: dynamic");
      dynamic(dynamic);
    } else if (network instanceof Vip vip) {
      line("  type: vip");
      if (!vip.subnets().isEmpty()) {
        line("  subnets:");
        vip.subnets().forEach(this::vipSubnet);
      }
      properties("  ", vip.cloudProperties());
    }
  }

  private void dynamic(Dynamic network) {
    DynamicSubnet first = network.subnets().get(0);
    if (network.subnets().size() == 1 && first.zones().isEmpty()) {
      dns("  ", first.dns());
      properties("  ", first.cloudProperties());
      return;
    }
    line("  subnets:");
    for (DynamicSubnet subnet : network.subnets()) {
      line("  - prefix: 32");
      dns("    ", subnet.dns());
      zones("    ", subnet.zones());
      properties("    ", subnet.cloudProperties());
    }
  }

  private void vipSubnet(VipSubnet subnet) {
    List<String> statics = subnet.statics().stream().map(this::range).toList();
    line("  - static: [" + String.join(", ", statics) + "]");
    zones("    ", subnet.zones());
  }

  private void subnet(Subnet subnet) {
    line("  - range: " + quoted(address(subnet.range().first()) + "/" + subnet.range().length()));
    if (subnet.gateway() != null) {
      line("    gateway: " + quoted(address(subnet.gateway())));
    }
    dns("    ", subnet.dns());
    length(subnet);
    zones("    ", subnet.zones());
    items("reserved", subnet.reserved().ranges().stream().flatMap(this::pieces).toList());
    List<String> statics = new ArrayList<>();
    for (IpRange blocks : subnet.statics().ranges()) {
      IpAddress last = IpPrefix.containing(blocks.last(), subnet.prefixLength()).first();
      if (subnet.delegatesPrefixes()) {
        statics.add(range(IpRange.of(blocks.first(), last)));
      } else {
        pieces(blocks).forEach(statics::add);
      }
    }
    items("static", statics);
    if (subnet.chooser() == PrefixChooser.PROVIDER) {
      line("    prefix_chosen_by: provider");
    }
    properties("    ", subnet.cloudProperties());
  }

  private void length(Subnet subnet) {
    boolean six = subnet.family() == IpFamily.IPV6;
    String length = (random.nextBoolean() ? "%d" : "\"%d\"").formatted(subnet.prefixLength());
    if (subnet.delegatesPrefixes() || random.nextBoolean()) {
      String key = six && random.nextBoolean() ? "ipv6_prefix_delegation_size" : "prefix";
      line("    " + key + ": " + length);
    }
  }

  private void items(String key, List<String> items) {
    if (items.size() == 1 && random.nextBoolean()) {
      line("    " + key + ": " + items.get(0));
    } else if (random.nextBoolean()) {
      line("    " + key + ": [" + String.join(", ", items) + "]");
    } else if (!items.isEmpty()) {
      line("    " + key + ":");
      items.forEach(item -> line("    - " + item));
    }
  }

  private Stream<String> pieces(IpRange range) {
    return random.nextBoolean()
        ? Stream.of(range(range))
        : range.toPrefixes().stream()
            .map(block -> quoted(address(block.first()) + "/" + block.length()));
  }

  private String range(IpRange range) {
    String between = random.nextBoolean() ? " - " : "-";
    return quoted(
        range.isSingle() && random.nextBoolean()
            ? address(range.first())
            : address(range.first()) + between + address(range.last()));
  }

  private void dns(String indent, List<IpAddress> servers) {
    if (!servers.isEmpty()) {
      List<String> texts = servers.stream().map(server -> quoted(address(server))).toList();
      line(indent + "dns: [" + String.join(", ", texts) + "]");
    }
  }

  private void zones(String indent, List<String> zones) {
    if (zones.size() == 1 && random.nextBoolean()) {
      line(indent + "az: " + zones.get(0));
    } else if (!zones.isEmpty()) {
      line(indent + "azs: " + zones);
    }
  }

  private void properties(String indent, Map<String, Object> properties) {
    if (properties.isEmpty()) {
      return;
    }
    line(indent + "cloud_properties:");
    properties.forEach((key, value) -> line(indent + "  " + key + ": " + json(value)));
  }

  private static String json(Object value) {
    if (value instanceof List<?> list) {
      return "[" + String.join(", ", list.stream().map(YamlRendering::json).toList()) + "]";
    }
    if (value instanceof Map<?, ?> map) {
      List<String> fields = new ArrayList<>();
      map.forEach((key, field) -> fields.add("\"" + key + "\": " + json(field)));
      return "{" + String.join(", ", fields) + "}";
    }
    return value instanceof String ? "\"" + value + "\"" : String.valueOf(value);
  }

  private String address(IpAddress address) {
    return switch (random.nextInt(3)) {
      case 0 -> address.toString().toUpperCase(Locale.ROOT);
      case 1 -> address.toExpandedString();
      default -> address.toString();
    };
  }

  /** Quotes where YAML needs it, and now and then where it doesn't. */
  private String quoted(String text) {
    return text.startsWith(":") || text.contains("::") || random.nextBoolean()
        ? "\"" + text + "\""
        : text;
  }

  private void line(String text) {
    out.append(text).append(random.nextInt(8) == 0 ? " # why not\n" : "\n");
  }
}
