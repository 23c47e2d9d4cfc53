package io.dualstack.impl.lab;

import io.dualstack.host.DefaultFor;
import io.dualstack.host.VmNetwork;
import io.dualstack.impl.kernel.IpBatch;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.impl.kernel.Sysctl;
import io.dualstack.impl.kernel.Sysctls;
import io.dualstack.impl.kernel.Tool;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The network of a lab: one namespace for each machine and container, one that is the cloud's
 * fabric, with the gateways of the subnets on a bridge and a route for each delegated prefix, and
 * one outside of the cloud, where clients and servers of the Internet are.
 */
final class LabNetwork {
  static final IpPrefix OUTSIDE_NETWORK_IPV4 = IpPrefix.parse("198.51.100.0/24");
  static final IpPrefix OUTSIDE_NETWORK_IPV6 = IpPrefix.parse("2001:db8:ffff::/64");
  static final IpAddress OUTSIDE_IPV4 = IpAddress.parse("198.51.100.10");
  static final IpAddress OUTSIDE_IPV6 = IpAddress.parse("2001:db8:ffff::10");

  private static final String OUTSIDE_GATEWAY_IPV4 = "198.51.100.1";
  private static final String OUTSIDE_GATEWAY_IPV6 = "2001:db8:ffff::1";

  private static final List<Sysctl> FORWARDING =
      List.of(new Sysctl("ipv4/ip_forward", "1"), new Sysctl("ipv6/conf/all/forwarding", "1"));

  /** A refusal that the kernel holds back would look like a loss. */
  private static final List<Sysctl> TELLING =
      List.of(new Sysctl("ipv4/icmp_ratelimit", "0"), new Sysctl("ipv6/icmp/ratelimit", "0"));

  /** Below 4 million, where the product of some kernels overflows. */
  private static final List<Sysctl> TELLING_WHERE_NAMESPACES_HAVE_IT =
      List.of(
          new Sysctl("ipv4/icmp_msgs_per_sec", "1000000"),
          new Sysctl("ipv4/icmp_msgs_burst", "1000000"));

  private final LabPlace place;
  private final LabPlan plan;

  LabNetwork(LabPlace place, LabPlan plan) {
    this.place = place;
    this.plan = plan;
  }

  /** All namespaces, by the lab's part of their names. */
  Set<String> hosts() {
    Set<String> hosts = new LinkedHashSet<>();
    hosts.add(LabPlace.UNDERLAY);
    hosts.add(LabPlace.OUTSIDE);
    plan.machines().forEach(machine -> hosts.add(machine.host()));
    plan.instances().forEach(instance -> hosts.add(instance.handle()));
    return hosts;
  }

  /** The commands of {@code ip} that link the namespaces, by namespace, in their order. */
  Map<String, List<String>> commands() {
    Map<String, List<String>> commands = new LinkedHashMap<>();
    commands.put(LabPlace.UNDERLAY, underlay());
    plan.machines().forEach(machine -> commands.put(machine.host(), machine(machine)));
    commands.put(LabPlace.OUTSIDE, outside());
    return commands;
  }

  /**
   * Makes all of it.
   *
   * @throws io.dualstack.KernelException if the kernel refuses; what was made is left
   */
  void make() {
    for (String host : hosts()) {
      String ignored =
          Tool.run(Namespace.own(), List.of("ip", "netns", "add", place.prefix() + host), "");
      assert ignored.isEmpty();
    }
    commands()
        .forEach(
            (host, commands) -> {
              try (Namespace namespace = Namespace.open(place.namespace(host))) {
                configure(namespace);
                IpBatch.run(namespace, commands);
              }
            });
  }

  private static void configure(Namespace namespace) {
    Sysctls.write(namespace, FORWARDING);
    Sysctls.write(namespace, TELLING);
    for (Sysctl setting : TELLING_WHERE_NAMESPACES_HAVE_IT) {
      if (Sysctls.read(namespace, setting.key()).isPresent()) {
        Sysctls.write(namespace, List.of(setting));
      }
    }
  }

  private List<String> underlay() {
    List<String> commands = new ArrayList<>();
    commands.add("link set dev lo up");
    commands.add("link add name fabric type bridge stp_state 0 mcast_snooping 0");
    commands.add("link set dev fabric up");
    gateways().forEach(gateway -> commands.add("address add " + gateway + " dev fabric nodad"));
    int number = 0;
    for (LabPlan.Machine machine : plan.machines()) {
      String port = "vm" + number++;
      commands.add(pair(port, machine.host()));
      commands.add("link set dev " + port + " master fabric up");
    }
    commands.add(pair(LabPlace.OUTSIDE, LabPlace.OUTSIDE));
    commands.add("link set dev outside up");
    commands.add("address add " + OUTSIDE_GATEWAY_IPV4 + "/24 dev outside");
    commands.add("address add " + OUTSIDE_GATEWAY_IPV6 + "/64 dev outside nodad");
    for (LabPlan.Machine machine : plan.machines()) {
      IpAddress via = machine.ipv6();
      machine
          .delegated()
          .filter(prefix -> via != null)
          .ifPresent(prefix -> commands.add("route add " + prefix + " via " + via + " dev fabric"));
    }
    return commands;
  }

  /** Makes a pair of devices, of which the other end is a host's or container's {@code eth0}. */
  String pair(String device, String host) {
    return "link add name %s type veth peer name eth0 netns %s"
        .formatted(device, place.namespace(host));
  }

  /** The gateways of all subnets, each with its subnet's length. */
  private Set<String> gateways() {
    Set<String> gateways = new LinkedHashSet<>();
    for (LabPlan.Machine machine : plan.machines()) {
      for (VmNetwork network : machine.networks()) {
        IpAddress gateway = network.gateway();
        IpPrefix range = network.range();
        if (gateway != null && range != null) {
          gateways.add(gateway + "/" + range.length());
        }
      }
    }
    return gateways;
  }

  /** What the agent's files say, in the words of {@code ip}. */
  private static List<String> machine(LabPlan.Machine machine) {
    List<String> commands = new ArrayList<>();
    commands.add("link set dev lo up");
    commands.add("link set dev eth0 up");
    for (VmNetwork network : machine.networks()) {
      IpPrefix block = network.block();
      IpPrefix range = network.range();
      if (block == null) {
        continue;
      }
      if (network.isDelegated()) {
        // What no container has must not go back to the fabric, which would send it here again.
        commands.add("route add unreachable " + block);
        continue;
      }
      int length = range == null ? block.length() : range.length();
      commands.add("address add %s/%d dev eth0 nodad".formatted(block.first(), length));
    }
    for (IpFamily family : IpFamily.values()) {
      machine.networks().stream()
          .filter(network -> network.family().filter(family::equals).isPresent())
          .filter(network -> !network.isDelegated() && network.gateway() != null)
          .min((a, b) -> Boolean.compare(isDefault(b), isDefault(a)))
          .ifPresent(
              network -> commands.add("route add default via " + network.gateway() + " dev eth0"));
    }
    return commands;
  }

  private static boolean isDefault(VmNetwork network) {
    return network.isDefaultFor(DefaultFor.GATEWAY);
  }

  private static List<String> outside() {
    return List.of(
        "link set dev lo up",
        "link set dev eth0 up",
        "address add " + OUTSIDE_IPV4 + "/24 dev eth0",
        "address add " + OUTSIDE_IPV6 + "/64 dev eth0 nodad",
        "route add default via " + OUTSIDE_GATEWAY_IPV4,
        "route add default via " + OUTSIDE_GATEWAY_IPV6);
  }
}
