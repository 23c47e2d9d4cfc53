package io.dualstack.impl.host;

import io.dualstack.host.AgentHints;
import io.dualstack.host.AgentSettings;
import io.dualstack.host.DefaultFor;
import io.dualstack.host.NetworkType;
import io.dualstack.host.StaticRoute;
import io.dualstack.host.VmNetwork;
import io.dualstack.net.InterfaceAddress;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.MacAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** The machines whose golden files are kept; the directory is named like the machine. */
record Machine(
    String name,
    List<VmNetwork> networks,
    Map<String, String> interfaces,
    boolean enableIpv6,
    Map<String, Object> others) {

  private static final Map<String, Object> SUBNET = Map.of("subnet", "subnet-12345");
  private static final Map<String, Object> SUBNET_AND_GROUPS =
      ordered("subnet", "subnet-12345", "security_groups", List.of("sg-abcd"));
  private static final Set<DefaultFor> DNS_AND_GATEWAY = Set.of(DefaultFor.GATEWAY, DefaultFor.DNS);
  private static final MacAddress FIRST_MAC = MacAddress.parse("02:00:00:00:00:01");
  private static final MacAddress SECOND_MAC = MacAddress.parse("02:00:00:00:00:02");

  static List<Machine> all() {
    return List.of(
        ipv4Manual(),
        ipv4TwoNics(),
        ipv4TwoNicsByDhcp(),
        ipv4Dynamic(),
        ipv4DynamicKnown(),
        ipv4Vip(),
        ipv4Alias(),
        ipv4SharedNic(),
        ipv6Only(),
        dualStack("dual-stack-delegated", false),
        dualStack("dual-stack-dhcp", true),
        dualStackSharedNic());
  }

  static Stream<Machine> withoutIpv6() {
    return all().stream().filter(machine -> machine.name().startsWith("ipv4"));
  }

  AgentSettings settings() {
    return new AgentSettings("agent-1", "vm-7a5c", networks, enableIpv6, others);
  }

  @Override
  public String toString() {
    return name;
  }

  private static Machine ipv4Manual() {
    VmNetwork network =
        manual("default", "10.0.16.4/32", "10.0.16.0/20")
            .gateway("10.0.16.1")
            .dns("10.0.0.2")
            .defaults(DNS_AND_GATEWAY)
            .mac(FIRST_MAC)
            .properties(SUBNET_AND_GROUPS)
            .build();
    return new Machine(
        "ipv4-manual",
        List.of(network),
        Map.of("default", "eth0"),
        false,
        ordered(
            "disks",
            ordered("system", "/dev/sda", "persistent", Map.of()),
            "env",
            Map.of("bosh", Map.of("mbus", Map.of("urls", List.of("nats://10.0.0.6:4222")))),
            "ntp",
            List.of("169.254.169.123")));
  }

  private static Machine ipv4TwoNics() {
    StaticRoute ten = route("10.0.0.0/8", "10.0.16.1");
    StaticRoute unmasked = route("10.0.1.0/8", "10.0.16.1");
    return twoNics(
        "ipv4-two-nics",
        network -> network.withHints(AgentHints.NONE.withRoutes(List.of(ten, unmasked))),
        false);
  }

  private static Machine ipv4TwoNicsByDhcp() {
    return twoNics("ipv4-two-nics-dhcp", network -> network, true);
  }

  private static Machine twoNics(String name, UnaryOperator<VmNetwork> change, boolean dhcp) {
    VmNetwork inside =
        manual("private", "10.0.16.4/32", "10.0.16.0/20")
            .gateway("10.0.16.1")
            .dns("10.0.0.2", "10.0.0.3")
            .mac(FIRST_MAC)
            .dhcp(dhcp)
            .build();
    VmNetwork outside =
        manual("public", "192.0.2.20/32", "192.0.2.0/25")
            .gateway("192.0.2.1")
            .dns("192.0.2.2")
            .defaults(DNS_AND_GATEWAY)
            .mac(SECOND_MAC)
            .dhcp(dhcp)
            .build();
    return new Machine(
        name,
        List.of(change.apply(inside), outside),
        Map.of("private", "eth0", "public", "eth1"),
        false,
        Map.of());
  }

  private static Machine ipv4Dynamic() {
    VmNetwork network =
        new Draft("default", NetworkType.DYNAMIC)
            .dns("10.0.0.2", "10.0.0.3")
            .defaults(DNS_AND_GATEWAY)
            .dhcp(true)
            .properties(SUBNET)
            .build();
    return new Machine(
        "ipv4-dynamic", List.of(network), Map.of("default", "eth0"), false, Map.of());
  }

  private static Machine ipv4DynamicKnown() {
    VmNetwork network =
        new Draft("default", NetworkType.DYNAMIC)
            .block("10.0.16.77/32", "10.0.16.0/20")
            .gateway("10.0.16.1")
            .defaults(DNS_AND_GATEWAY)
            .build()
            .withHints(new AgentHints("", true, false, List.of(), Map.of()));
    return new Machine(
        "ipv4-dynamic-known", List.of(network), Map.of("default", "eth0"), false, Map.of());
  }

  private static Machine ipv4Vip() {
    VmNetwork network =
        manual("default", "10.0.16.4/32", "10.0.16.0/20")
            .gateway("10.0.16.1")
            .dns("10.0.0.2")
            .defaults(DNS_AND_GATEWAY)
            .mac(FIRST_MAC)
            .build();
    VmNetwork floating =
        new Draft("floating", NetworkType.VIP).block("192.0.2.200/32", null).group(1).build();
    return new Machine(
        "ipv4-vip", List.of(network, floating), Map.of("default", "eth0"), false, Map.of());
  }

  private static Machine ipv4Alias() {
    VmNetwork first =
        manual("first", "10.0.16.4/32", "10.0.16.0/20")
            .gateway("10.0.16.1")
            .defaults(DNS_AND_GATEWAY)
            .build()
            .withHints(AgentHints.NONE.withAlias("eth0"));
    VmNetwork second =
        manual("second", "10.0.20.9/32", "10.0.20.0/24")
            .build()
            .withHints(AgentHints.NONE.withAlias("eth0:1"));
    return new Machine("ipv4-alias", List.of(first, second), Map.of(), false, Map.of());
  }

  /** Several networks of one family on one NIC, as agents are told: by one hardware address. */
  private static Machine ipv4SharedNic() {
    List<VmNetwork> networks =
        List.of(first(), second(), delegated("10.0.18.64/28", "10.0.18.0/24"));
    return new Machine(
        "ipv4-shared-nic", networks, Map.of(FIRST_MAC.toString(), "eth0"), false, Map.of());
  }

  private static Machine dualStackSharedNic() {
    VmNetwork ipv6 =
        manual("third", "2001:db8:4e04:d139::1000/128", "2001:db8:4e04:d139::/64")
            .gateway("2001:db8:4e04:d139::1")
            .mac(FIRST_MAC)
            .build();
    VmNetwork more =
        manual("fourth", "2001:db8:4e04:d13a::7/128", "2001:db8:4e04:d13a::/64")
            .mac(FIRST_MAC)
            .build();
    List<VmNetwork> networks =
        List.of(
            first(),
            second(),
            ipv6,
            more,
            delegated("2001:db8:4e04:d139:1::/80", "2001:db8:4e04:d139::/64"));
    return new Machine(
        "dual-stack-shared-nic", networks, Map.of(FIRST_MAC.toString(), "eth0"), true, Map.of());
  }

  private static VmNetwork first() {
    return manual("first", "10.0.16.4/32", "10.0.16.0/24")
        .gateway("10.0.16.1")
        .dns("10.0.0.2")
        .defaults(DNS_AND_GATEWAY)
        .mac(FIRST_MAC)
        .build();
  }

  private static VmNetwork second() {
    return manual("second", "10.0.17.9/32", "10.0.17.0/24")
        .gateway("10.0.17.1")
        .mac(FIRST_MAC)
        .build();
  }

  private static VmNetwork delegated(String prefix, String range) {
    return manual("delegated", prefix, range).mac(FIRST_MAC).build();
  }

  private static Machine ipv6Only() {
    VmNetwork network =
        manual("default", "2001:db8::103/128", "2001:db8::/64")
            .gateway("2001:db8::1")
            .dns("2001:db8::53", "192.0.2.53")
            .defaults(DNS_AND_GATEWAY)
            .mac(FIRST_MAC)
            .build()
            .withHints(
                AgentHints.NONE.withRoutes(List.of(route("2001:db8:1234::/48", "2001:db8::1"))));
    return new Machine("ipv6-only", List.of(network), Map.of("default", "eth0"), false, Map.of());
  }

  /** The network of the RFC's example beside single addresses of both families. */
  private static Machine dualStack(String name, boolean dhcp) {
    VmNetwork ipv4 =
        manual("cells_v4", "10.0.16.4/32", "10.0.16.0/20")
            .gateway("10.0.16.1")
            .dns("10.0.0.2")
            .defaults(DNS_AND_GATEWAY)
            .group(1)
            .mac(FIRST_MAC)
            .dhcp(dhcp)
            .properties(SUBNET_AND_GROUPS)
            .build();
    VmNetwork ipv6 =
        manual("cells_v6", "2001:db8:4e04:d139::1000/128", "2001:db8:4e04:d139::/64")
            .gateway("2001:db8:4e04:d139::1")
            .group(1)
            .mac(FIRST_MAC)
            .dhcp(dhcp)
            .properties(SUBNET_AND_GROUPS)
            .build();
    VmNetwork delegated =
        manual("diego_cells_ipv6", "2001:db8:4e04:d139:1::/80", "2001:db8:4e04:d139::/64")
            .gateway("2001:db8:4e04:d139::1")
            .dns("2001:db8:4e04:d139::253")
            .group(1)
            .mac(FIRST_MAC)
            .dhcp(dhcp)
            .properties(SUBNET_AND_GROUPS)
            .build();
    return new Machine(name, List.of(ipv4, ipv6, delegated), Map.of("1", "eth0"), true, Map.of());
  }

  static Draft manual(String name, String block, String range) {
    return new Draft(name, NetworkType.MANUAL).block(block, range);
  }

  static StaticRoute route(String destination, String gateway) {
    return StaticRoute.of(InterfaceAddress.parse(destination), IpAddress.parse(gateway));
  }

  private static Map<String, Object> ordered(Object... keysAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return map;
  }

  /** A network in the making. */
  static final class Draft {
    private final String name;
    private final NetworkType type;
    private IpPrefix block;
    private IpPrefix range;
    private IpAddress gateway;
    private List<IpAddress> dns = List.of();
    private Set<DefaultFor> defaults = Set.of();
    private Integer group;
    private MacAddress mac;
    private boolean dhcp;
    private Map<String, Object> properties = Map.of();

    Draft(String name, NetworkType type) {
      this.name = name;
      this.type = type;
    }

    Draft block(String address, String inside) {
      block = IpPrefix.parse(address);
      range = inside == null ? null : IpPrefix.parse(inside);
      return this;
    }

    Draft gateway(String address) {
      gateway = IpAddress.parse(address);
      return this;
    }

    Draft dns(String... servers) {
      dns = Stream.of(servers).map(IpAddress::parse).toList();
      return this;
    }

    Draft defaults(Set<DefaultFor> uses) {
      defaults = uses;
      return this;
    }

    Draft group(int number) {
      group = number;
      return this;
    }

    Draft mac(MacAddress address) {
      mac = address;
      return this;
    }

    Draft dhcp(boolean use) {
      dhcp = use;
      return this;
    }

    Draft properties(Map<String, Object> values) {
      properties = values;
      return this;
    }

    VmNetwork build() {
      return new VmNetwork(
          name, type, block, range, gateway, dns, defaults, group, mac, dhcp, properties);
    }
  }
}
