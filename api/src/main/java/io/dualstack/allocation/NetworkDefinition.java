package io.dualstack.allocation;

import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpRange;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A network as a cloud config defines it: manual, dynamic or vip. */
public sealed interface NetworkDefinition {

  /**
   * Returns the name, unique in a {@link NetworkSet}.
   *
   * @return the name
   */
  String name();

  /**
   * A network whose addresses the allocator hands out. All subnets hand out blocks of one length,
   * so they are of one family, and none overlaps another.
   *
   * @param name the name
   * @param subnets the subnets in the order they are tried; at least one
   */
  record Manual(String name, List<Subnet> subnets) implements NetworkDefinition {
    /**
     * Checks that the subnets agree in family and length and don't overlap.
     *
     * @param name the name
     * @param subnets the subnets in the order they are tried
     */
    public Manual {
      subnets = List.copyOf(subnets);
      if (subnets.isEmpty()) {
        throw new IllegalArgumentException(name + ": a manual network needs at least one subnet");
      }
      Subnet first = subnets.get(0);
      List<Subnet> byRange =
          subnets.stream().sorted((a, b) -> a.range().compareTo(b.range())).toList();
      for (int i = 1; i < byRange.size(); i++) {
        if (byRange.get(i - 1).range().overlaps(byRange.get(i).range())) {
          throw new IllegalArgumentException(
              "%s: subnets %s and %s overlap"
                  .formatted(name, byRange.get(i - 1).range(), byRange.get(i).range()));
        }
      }
      for (Subnet subnet : subnets) {
        if (subnet.family() != first.family() || subnet.prefixLength() != first.prefixLength()) {
          throw new IllegalArgumentException(
              "%s: subnets %s and %s hand out prefixes of different sizes, /%d and /%d"
                  .formatted(
                      name,
                      first.range(),
                      subnet.range(),
                      first.prefixLength(),
                      subnet.prefixLength()));
        }
      }
    }

    /**
     * Returns the family of all subnets.
     *
     * @return the family
     */
    public IpFamily family() {
      return subnets.get(0).family();
    }

    /**
     * Returns the length of all blocks handed out.
     *
     * @return the prefix length
     */
    public int prefixLength() {
      return subnets.get(0).prefixLength();
    }
  }

  /**
   * A network whose addresses the infrastructure hands out; IPv4 only, as in the real system.
   *
   * @param name the name
   * @param subnets what each zone is told; at least one
   */
  record Dynamic(String name, List<DynamicSubnet> subnets) implements NetworkDefinition {
    /**
     * Checks that there is a subnet.
     *
     * @param name the name
     * @param subnets what each zone is told
     */
    public Dynamic {
      subnets = List.copyOf(subnets);
      if (subnets.isEmpty()) {
        throw new IllegalArgumentException(name + ": a dynamic network needs at least one subnet");
      }
    }
  }

  /**
   * One zone's part of a dynamic network.
   *
   * @param dns name servers in order of preference
   * @param zones the availability zones served; empty for all
   * @param cloudProperties what the provider must know
   */
  record DynamicSubnet(
      List<IpAddress> dns, List<String> zones, Map<String, Object> cloudProperties) {
    /**
     * Copies the collections.
     *
     * @param dns name servers in order of preference
     * @param zones the availability zones served
     * @param cloudProperties what the provider must know
     */
    public DynamicSubnet {
      dns = List.copyOf(dns);
      zones = List.copyOf(zones);
      cloudProperties = Collections.unmodifiableMap(new LinkedHashMap<>(cloudProperties));
    }
  }

  /**
   * A network of floating addresses. With subnets the allocator picks from them; without, instance
   * groups name their addresses.
   *
   * @param name the name
   * @param subnets where addresses are picked from; may be empty
   * @param cloudProperties what the provider must know
   */
  record Vip(String name, List<VipSubnet> subnets, Map<String, Object> cloudProperties)
      implements NetworkDefinition {
    /**
     * Copies the collections.
     *
     * @param name the name
     * @param subnets where addresses are picked from
     * @param cloudProperties what the provider must know
     */
    public Vip {
      subnets = List.copyOf(subnets);
      cloudProperties = Collections.unmodifiableMap(new LinkedHashMap<>(cloudProperties));
    }
  }

  /**
   * One zone's floating addresses.
   *
   * @param statics the addresses in the order they are picked
   * @param zones the availability zones served; empty for all
   */
  record VipSubnet(List<IpRange> statics, List<String> zones) {
    /**
     * Copies the collections.
     *
     * @param statics the addresses in the order they are picked
     * @param zones the availability zones served
     */
    public VipSubnet {
      statics = List.copyOf(statics);
      zones = List.copyOf(zones);
    }
  }
}
