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
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Makes networks of all types that follow every rule. */
final class RandomCloudConfig {

  private static final List<String> ZONES = List.of("z1", "z2", "z3");

  private final Random random;

  RandomCloudConfig(Random random) {
    this.random = random;
  }

  NetworkSet networks() {
    List<NetworkDefinition> networks = new ArrayList<>();
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      networks.add(
          switch (random.nextInt(6)) {
            case 0 -> dynamic("network-" + i);
            case 1 -> vip("network_" + i);
            default -> manual("network" + i, i);
          });
    }
    return NetworkSet.of(networks);
  }

  private Manual manual(String name, int index) {
    boolean six = random.nextBoolean();
    boolean zoned = random.nextBoolean();
    int subnets = 1 + random.nextInt(3);
    IpPrefix whole =
        IpPrefix.parse(six ? "2001:db8:%x::/48".formatted(index) : "10.%d.0.0/16".formatted(index));
    int shortest = six ? 52 + random.nextInt(60) : 18 + random.nextInt(10);
    int bits = whole.family().bits();
    int length = random.nextBoolean() ? bits : shortest + random.nextInt(bits - shortest + 1);
    List<Subnet> list = new ArrayList<>();
    for (int i = 0; i < subnets; i++) {
      int rangeLength = Math.max(whole.length() + 2, shortest - random.nextInt(3));
      list.add(subnet(whole.nth(whole.length() + 2, i).nth(rangeLength, 0), length, zoned));
    }
    return new Manual(name, list);
  }

  private Subnet subnet(IpPrefix range, int length, boolean zoned) {
    IpAddress gateway = inside(range, 1);
    List<IpRange> reserved = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      reserved.add(rangeIn(range));
    }
    Subnet plain =
        Subnet.of(range)
            .prefixLength(length)
            .gateway(gateway)
            .reserved(IpSet.of(reserved))
            .dns(servers())
            .zones(zoned ? zones() : List.of())
            .chooser(random.nextInt(5) == 0 ? PrefixChooser.PROVIDER : PrefixChooser.DIRECTOR)
            .cloudProperties(properties())
            .build();
    List<IpRange> statics = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      IpPrefix block = IpPrefix.containing(inside(range, 0), length);
      if (!plain.restricted().overlaps(block)) {
        statics.add(block.toRange());
      }
    }
    return new Subnet(
        range,
        length,
        gateway,
        plain.dns(),
        plain.reserved(),
        IpSet.of(statics),
        plain.zones(),
        plain.chooser(),
        plain.cloudProperties());
  }

  private Dynamic dynamic(String name) {
    if (random.nextBoolean()) {
      return new Dynamic(name, List.of(new DynamicSubnet(servers(), List.of(), properties())));
    }
    boolean zoned = random.nextBoolean();
    List<DynamicSubnet> subnets = new ArrayList<>();
    for (int i = 1 + random.nextInt(2); i > 0; i--) {
      subnets.add(new DynamicSubnet(servers(), zoned ? zones() : List.of(), properties()));
    }
    return new Dynamic(name, subnets);
  }

  private Vip vip(String name) {
    List<VipSubnet> subnets = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      List<IpRange> statics = new ArrayList<>();
      for (int j = random.nextInt(3); j > 0; j--) {
        statics.add(rangeIn(IpPrefix.parse("203.0.113.0/24")));
      }
      subnets.add(new VipSubnet(statics, random.nextBoolean() ? zones() : List.of()));
    }
    return new Vip(name, subnets, properties());
  }

  private List<String> zones() {
    int from = random.nextInt(ZONES.size());
    return ZONES.subList(from, from + 1 + random.nextInt(ZONES.size() - from));
  }

  private List<IpAddress> servers() {
    List<IpAddress> servers = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      servers.add(inside(IpPrefix.parse(random.nextBoolean() ? "192.168.0.0/16" : "fd00::/8"), 0));
    }
    return servers;
  }

  private Map<String, Object> properties() {
    Map<String, Object> properties = new LinkedHashMap<>();
    if (random.nextBoolean()) {
      properties.put("subnet", "subnet-" + random.nextInt(100));
      properties.put("security_groups", List.of("a", "yes", "10:20"));
      properties.put("nested", Map.of("size", (long) random.nextInt(1000), "on", true));
    }
    return properties;
  }

  private IpRange rangeIn(IpPrefix range) {
    IpAddress one = inside(range, 0);
    IpAddress other = inside(range, 0);
    return one.compareTo(other) <= 0 ? IpRange.of(one, other) : IpRange.of(other, one);
  }

  /** An address of a range that is at least so far from both of its ends; often near one. */
  private IpAddress inside(IpPrefix range, int margin) {
    BigInteger size = range.toRange().size().subtract(BigInteger.valueOf(2L * margin));
    BigInteger offset =
        random.nextBoolean()
            ? new BigInteger(size.bitLength() + 8, random).mod(size)
            : BigInteger.valueOf(random.nextInt(20)).mod(size);
    return range.first().plus(offset.add(BigInteger.valueOf(margin)));
  }
}
