package io.dualstack.testkit.cloud.aws;

import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes network interfaces, once for each client token. Not thread-safe. */
final class Ec2Creation {
  /** A call that was made with a client token. */
  private record Made(String fingerprint, Eni eni) {}

  private final Ec2World world;
  private final Map<String, Made> tokens = new HashMap<>();

  Ec2Creation(Ec2World world) {
    this.world = world;
  }

  Ec2Xml create(Ec2Form form) {
    String token = form.text("ClientToken").orElse("");
    if (token.length() > 64 || !token.chars().allMatch(c -> c > ' ' && c < 127)) {
      throw Ec2Refusal.value(token, "ClientToken", "Use at most 64 ASCII characters.");
    }
    Made before = tokens.get(token);
    if (before != null) {
      if (!before.fingerprint().equals(form.fingerprint())) {
        throw new Ec2Refusal(
            "IdempotentParameterMismatch",
            "The client token was used before with other parameters.");
      }
      return interfaceOf(before.eni());
    }
    Eni made = createNew(form);
    if (!token.isEmpty()) {
      tokens.put(token, new Made(form.fingerprint(), made.copy()));
    }
    return interfaceOf(made);
  }

  private static Ec2Xml interfaceOf(Eni eni) {
    Ec2Xml xml = new Ec2Xml().open("networkInterface");
    eni.write(xml);
    return xml.close("networkInterface");
  }

  private Eni createNew(Ec2Form form) {
    Ec2World.Net subnet = world.subnet(form.required("SubnetId"));
    List<String> groups = form.list("SecurityGroupId");
    for (String group : groups) {
      Ec2World.Group known = world.groups.get(group);
      if (known == null) {
        throw new Ec2Refusal(
            "InvalidGroup.NotFound", "The security group '" + group + "' does not exist");
      }
      if (!known.vpc().equals(subnet.vpc())) {
        throw new Ec2Refusal(
            "InvalidParameter", group + " and " + subnet.id() + " belong to different networks.");
      }
    }
    if (groups.size() > 5) {
      throw new Ec2Refusal(
          "SecurityGroupsPerInterfaceLimitExceeded", "An interface has at most 5 groups.");
    }
    List<IpPrefix> wanted = new ArrayList<>(ipv4OfNew(form, subnet));
    wanted.addAll(ipv6OfNew(form, subnet));
    Map<String, String> tags = form.specifiedTags();
    checkTags(tags);
    Eni eni = world.add(subnet, groups, form.text("Description").orElse(""));
    try {
      world.assign(eni, wanted);
    } catch (Ec2Refusal refusal) {
      world.forget(eni.id);
      throw refusal;
    }
    eni.tags.putAll(tags);
    return eni;
  }

  private List<IpPrefix> ipv4OfNew(Ec2Form form, Ec2World.Net subnet) {
    List<IpPrefix> prefixes =
        Ec2Form.prefixes(numbered(form, "Ipv4Prefix", "Ipv4Prefix"), IpFamily.IPV4, "Ipv4Prefix");
    int kinds =
        count(
            !prefixes.isEmpty(),
            form.has("Ipv4PrefixCount"),
            form.has("PrivateIpAddress"),
            form.has("SecondaryPrivateIpAddressCount"));
    if (kinds > 1
        && !(kinds == 2
            && form.has("PrivateIpAddress")
            && form.has("SecondaryPrivateIpAddressCount"))) {
      throw Ec2Refusal.combination(
          "IPv4 addresses, prefixes and counts may not be specified on the same request");
    }
    List<IpPrefix> blocks = new ArrayList<>();
    form.text("PrivateIpAddress")
        .ifPresent(
            address ->
                blocks.addAll(
                    Ec2Form.addresses(List.of(address), IpFamily.IPV4, "PrivateIpAddress")));
    if (blocks.isEmpty() && subnet.range(IpFamily.IPV4).isPresent()) {
      blocks.addAll(world.pickBeside(prefixes, subnet, IpFamily.IPV4, false, 1));
    }
    blocks.addAll(prefixes);
    blocks.addAll(
        world.pickBeside(blocks, subnet, IpFamily.IPV4, true, form.number("Ipv4PrefixCount")));
    blocks.addAll(
        world.pickBeside(
            blocks, subnet, IpFamily.IPV4, false, form.number("SecondaryPrivateIpAddressCount")));
    return blocks;
  }

  private List<IpPrefix> ipv6OfNew(Ec2Form form, Ec2World.Net subnet) {
    List<IpPrefix> blocks =
        new ArrayList<>(
            Ec2Form.addresses(
                numbered(form, "Ipv6Addresses", "Ipv6Address"), IpFamily.IPV6, "Ipv6Addresses"));
    List<IpPrefix> prefixes =
        Ec2Form.prefixes(numbered(form, "Ipv6Prefix", "Ipv6Prefix"), IpFamily.IPV6, "Ipv6Prefix");
    int kinds =
        count(
            !blocks.isEmpty(),
            !prefixes.isEmpty(),
            form.has("Ipv6PrefixCount"),
            form.has("Ipv6AddressCount"));
    if (kinds > 1) {
      throw Ec2Refusal.combination(
          "IPv6 addresses, prefixes and counts may not be specified on the same request");
    }
    blocks.addAll(prefixes);
    blocks.addAll(
        world.pickBeside(blocks, subnet, IpFamily.IPV6, true, form.number("Ipv6PrefixCount")));
    int more = form.number("Ipv6AddressCount");
    if (kinds == 0 && world.addsIpv6.contains(subnet.id())) {
      more = 1;
    }
    blocks.addAll(world.pickBeside(blocks, subnet, IpFamily.IPV6, false, more));
    return blocks;
  }

  private static int count(boolean... kinds) {
    int count = 0;
    for (boolean kind : kinds) {
      count += kind ? 1 : 0;
    }
    return count;
  }

  private static List<String> numbered(Ec2Form form, String list, String member) {
    List<String> values = new ArrayList<>();
    for (int i = 1; form.has(list + "." + i + "." + member); i++) {
      values.add(form.required(list + "." + i + "." + member));
    }
    return values;
  }

  static void checkTags(Map<String, String> tags) {
    if (tags.size() > 50) {
      throw new Ec2Refusal("TagLimitExceeded", "A resource has at most 50 tags.");
    }
  }
}
