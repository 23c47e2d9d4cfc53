package io.dualstack.testkit.cloud.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;

/** What each action does. Not thread-safe. */
final class Ec2Actions {
  /** An action: which parameters it knows beside those that all know, and what it does. */
  private record Action(Set<String> parameters, Function<Ec2Form, Ec2Xml> does) {}

  private static final Set<String> COMMON = Set.of("Action", "Version", "DryRun");
  private static final Set<String> PAGED =
      Set.of("Filter.N.Name", "Filter.N.Value.N", "MaxResults", "NextToken");

  private final Ec2World world;
  private final Ec2Creation creation;
  private final Map<String, Action> actions = new HashMap<>();
  int pageLimit = 1000;

  Ec2Actions(Ec2World world) {
    this.world = world;
    this.creation = new Ec2Creation(world);
    describing();
    changing();
    tagging();
  }

  private void describing() {
    actions.put(
        "DescribeNetworkInterfaces",
        new Action(with(PAGED, "NetworkInterfaceId.N"), this::describeInterfaces));
    actions.put("DescribeSubnets", new Action(with(PAGED, "SubnetId.N"), this::describeSubnets));
    actions.put(
        "DescribeSecurityGroups",
        new Action(with(PAGED, "GroupId.N", "GroupName.N"), this::describeGroups));
  }

  private void changing() {
    actions.put(
        "CreateNetworkInterface",
        new Action(
            Set.of(
                "ClientToken",
                "Description",
                "Ipv4Prefix.N.Ipv4Prefix",
                "Ipv4PrefixCount",
                "Ipv6AddressCount",
                "Ipv6Addresses.N.Ipv6Address",
                "Ipv6Prefix.N.Ipv6Prefix",
                "Ipv6PrefixCount",
                "PrivateIpAddress",
                "SecondaryPrivateIpAddressCount",
                "SecurityGroupId.N",
                "SubnetId",
                "TagSpecification.N.ResourceType",
                "TagSpecification.N.Tag.N.Key",
                "TagSpecification.N.Tag.N.Value"),
            creation::create));
    actions.put(
        "AssignPrivateIpAddresses",
        new Action(
            Set.of(
                "AllowReassignment",
                "Ipv4Prefix.N",
                "Ipv4PrefixCount",
                "NetworkInterfaceId",
                "PrivateIpAddress.N",
                "SecondaryPrivateIpAddressCount"),
            this::assignIpv4));
    actions.put(
        "AssignIpv6Addresses",
        new Action(
            Set.of(
                "Ipv6AddressCount",
                "Ipv6Addresses.N",
                "Ipv6Prefix.N",
                "Ipv6PrefixCount",
                "NetworkInterfaceId"),
            this::assignIpv6));
    actions.put(
        "UnassignPrivateIpAddresses",
        new Action(
            Set.of("Ipv4Prefix.N", "NetworkInterfaceId", "PrivateIpAddress.N"),
            form -> unassign(form, IpFamily.IPV4, "PrivateIpAddress", "Ipv4Prefix")));
    actions.put(
        "UnassignIpv6Addresses",
        new Action(
            Set.of("Ipv6Addresses.N", "Ipv6Prefix.N", "NetworkInterfaceId"),
            form -> unassign(form, IpFamily.IPV6, "Ipv6Addresses", "Ipv6Prefix")));
    actions.put(
        "DetachNetworkInterface", new Action(Set.of("AttachmentId", "Force"), this::detach));
    actions.put("DeleteNetworkInterface", new Action(Set.of("NetworkInterfaceId"), this::delete));
  }

  private void tagging() {
    actions.put(
        "CreateTags",
        new Action(Set.of("ResourceId.N", "Tag.N.Key", "Tag.N.Value"), form -> tag(form, true)));
    actions.put(
        "DeleteTags",
        new Action(Set.of("ResourceId.N", "Tag.N.Key", "Tag.N.Value"), form -> tag(form, false)));
  }

  private static Set<String> with(Set<String> some, String... more) {
    return Set.copyOf(Stream.concat(some.stream(), Stream.of(more)).toList());
  }

  /** Does what a form asks for and returns what the answer contains. */
  Ec2Xml act(String name, Ec2Form form) {
    Action action = actions.get(name);
    if (action == null) {
      throw new Ec2Refusal(
          "InvalidAction", "The action " + name + " is not valid for this web service.");
    }
    if (!form.required("Version").equals("2016-11-15")) {
      throw new Ec2Refusal("NoSuchVersion", "The requested version is not 2016-11-15");
    }
    form.refuseOthers(with(COMMON, action.parameters().toArray(String[]::new)));
    if (form.flag("DryRun")) {
      throw Ec2Refusal.ofStatus(
          412, "DryRunOperation", "Request would have succeeded, but DryRun flag is set.");
    }
    return action.does().apply(form);
  }

  // Describing

  private Ec2Xml describeInterfaces(Ec2Form form) {
    List<String> ids = form.list("NetworkInterfaceId");
    List<Eni> seen = world.look();
    for (String id : ids) {
      if (seen.stream().noneMatch(eni -> eni.id.equals(id))) {
        throw Ec2Refusal.noInterface(id);
      }
    }
    return page(
        form,
        !ids.isEmpty(),
        "networkInterfaceSet",
        seen.stream()
            .filter(eni -> ids.isEmpty() || ids.contains(eni.id))
            .filter(eni -> Ec2Filters.matches(eni, form.filters(), Eni::filtered))
            .toList(),
        (xml, eni) -> eni.write(xml));
  }

  private Ec2Xml describeSubnets(Ec2Form form) {
    List<String> ids = form.list("SubnetId");
    ids.forEach(world::subnet);
    return page(
        form,
        !ids.isEmpty(),
        "subnetSet",
        world.subnets.values().stream()
            .filter(subnet -> ids.isEmpty() || ids.contains(subnet.id()))
            .filter(subnet -> Ec2Filters.matches(subnet, form.filters(), Ec2World.Net::filtered))
            .toList(),
        this::write);
  }

  private void write(Ec2Xml xml, Ec2World.Net subnet) {
    xml.element("subnetId", subnet.id())
        .element("vpcId", subnet.vpc())
        .element("availabilityZone", subnet.zone())
        .element("state", "available")
        .element("availableIpAddressCount", world.freeIpv4(subnet))
        .element("assignIpv6AddressOnCreation", world.addsIpv6.contains(subnet.id()));
    subnet.range(IpFamily.IPV4).ifPresent(range -> xml.element("cidrBlock", range));
    xml.element("ipv6Native", subnet.range(IpFamily.IPV4).isEmpty());
    xml.items(
        "ipv6CidrBlockAssociationSet",
        subnet.range(IpFamily.IPV6).stream().toList(),
        (item, range) ->
            item.element("associationId", "subnet-cidr-assoc-" + subnet.id())
                .element("ipv6CidrBlock", range)
                .open("ipv6CidrBlockState")
                .element("state", "associated")
                .close("ipv6CidrBlockState"));
  }

  private Ec2Xml describeGroups(Ec2Form form) {
    List<String> ids = form.list("GroupId");
    List<String> names = form.list("GroupName");
    return page(
        form,
        !ids.isEmpty() || !names.isEmpty(),
        "securityGroupInfo",
        world.groups.values().stream()
            .filter(group -> ids.isEmpty() || ids.contains(group.id()))
            .filter(group -> names.isEmpty() || names.contains(group.name()))
            .filter(group -> Ec2Filters.matches(group, form.filters(), Ec2World.Group::filtered))
            .toList(),
        (xml, group) ->
            xml.element("groupId", group.id())
                .element("groupName", group.name())
                .element("vpcId", group.vpc())
                .element("groupDescription", group.name()));
  }

  private <T> Ec2Xml page(
      Ec2Form form, boolean isByName, String set, List<T> found, BiConsumer<Ec2Xml, T> writer) {
    int size = pageLimit;
    if (form.has("MaxResults")) {
      int most = form.number("MaxResults");
      if (most < 5 || most > 1000) {
        throw Ec2Refusal.value(String.valueOf(most), "maxResults", "Use 5 to 1000.");
      }
      if (isByName) {
        throw Ec2Refusal.combination(
            "The parameter maxResults cannot be used with identifiers in the same request.");
      }
      size = Math.min(size, most);
    }
    int from = form.text("NextToken").map(token -> offset(token, form)).orElse(0);
    int to = Math.min(found.size(), from + size);
    Ec2Xml xml = new Ec2Xml().items(set, found.subList(Math.min(from, to), to), writer);
    return to < found.size() ? xml.element("nextToken", token(to, form)) : xml;
  }

  /** A token is only good for the request it was given for. */
  private static String token(int offset, Ec2Form form) {
    String text = offset + " " + form.filters().hashCode();
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  private static int offset(String token, Ec2Form form) {
    try {
      String[] parts = new String(Base64.getDecoder().decode(token), UTF_8).split(" ");
      if (parts.length == 2 && parts[1].equals(String.valueOf(form.filters().hashCode()))) {
        return Integer.parseInt(parts[0]);
      }
    } catch (IllegalArgumentException e) {
      // Told below, as a token of another request.
    }
    throw new Ec2Refusal("InvalidPaginationToken", "The specified token is invalid or expired.");
  }

  // Changing

  private Ec2Xml assignIpv4(Ec2Form form) {
    List<IpPrefix> assigned =
        assign(
            form,
            IpFamily.IPV4,
            "PrivateIpAddress",
            "SecondaryPrivateIpAddressCount",
            "Ipv4Prefix",
            "Ipv4PrefixCount");
    return new Ec2Xml()
        .element("networkInterfaceId", form.required("NetworkInterfaceId"))
        .items(
            "assignedPrivateIpAddressesSet",
            singles(assigned),
            (item, block) -> item.element("privateIpAddress", block.address()))
        .items(
            "assignedIpv4PrefixSet",
            prefixes(assigned),
            (item, block) -> item.element("ipv4Prefix", block));
  }

  private Ec2Xml assignIpv6(Ec2Form form) {
    List<IpPrefix> assigned =
        assign(
            form,
            IpFamily.IPV6,
            "Ipv6Addresses",
            "Ipv6AddressCount",
            "Ipv6Prefix",
            "Ipv6PrefixCount");
    return new Ec2Xml()
        .element("networkInterfaceId", form.required("NetworkInterfaceId"))
        .texts("assignedIpv6Addresses", singles(assigned).stream().map(IpPrefix::address).toList())
        .texts("assignedIpv6PrefixSet", prefixes(assigned));
  }

  private static List<IpPrefix> singles(Collection<IpPrefix> blocks) {
    return blocks.stream().filter(IpPrefix::isSingle).toList();
  }

  private static List<IpPrefix> prefixes(Collection<IpPrefix> blocks) {
    return blocks.stream().filter(block -> !block.isSingle()).toList();
  }

  private List<IpPrefix> assign(
      Ec2Form form,
      IpFamily family,
      String addresses,
      String addressCount,
      String prefixes,
      String prefixCount) {
    List<IpPrefix> wanted =
        new ArrayList<>(Ec2Form.addresses(form.list(addresses), family, addresses));
    if (!wanted.isEmpty() && form.has(addressCount)) {
      throw Ec2Refusal.combination(addresses + " and " + addressCount + " exclude one another");
    }
    List<IpPrefix> delegated = Ec2Form.prefixes(form.list(prefixes), family, prefixes);
    if (!delegated.isEmpty() && form.has(prefixCount)) {
      throw Ec2Refusal.combination(prefixes + " and " + prefixCount + " exclude one another");
    }
    wanted.addAll(delegated);
    int counted = form.number(addressCount) + form.number(prefixCount);
    if (wanted.isEmpty() && counted <= 0) {
      throw new Ec2Refusal(
          "MissingParameter", "Either addresses, prefixes or a count must be specified");
    }
    Eni eni = world.toChange(form.required("NetworkInterfaceId"));
    wanted.addAll(world.pickBeside(wanted, eni.subnet, family, false, form.number(addressCount)));
    wanted.addAll(world.pickBeside(wanted, eni.subnet, family, true, form.number(prefixCount)));
    world.assign(eni, wanted);
    return wanted;
  }

  private Ec2Xml unassign(Ec2Form form, IpFamily family, String addresses, String prefixes) {
    List<IpPrefix> gone =
        new ArrayList<>(Ec2Form.addresses(form.list(addresses), family, addresses));
    gone.addAll(Ec2Form.prefixes(form.list(prefixes), family, prefixes));
    if (gone.isEmpty()) {
      throw new Ec2Refusal("MissingParameter", "Addresses or prefixes must be specified");
    }
    Eni eni = world.toChange(form.required("NetworkInterfaceId"));
    world.unassign(eni, gone);
    return new Ec2Xml().element("networkInterfaceId", eni.id).element("return", true);
  }

  private Ec2Xml detach(Ec2Form form) {
    Eni eni = world.byAttachment(form.required("AttachmentId"));
    if (eni.deviceIndex == 0) {
      throw new Ec2Refusal(
          "OperationNotPermitted", "The network interface at device index 0 cannot be detached.");
    }
    world.toChange(eni.id).isDetaching = true;
    return new Ec2Xml().element("return", true);
  }

  private Ec2Xml delete(Ec2Form form) {
    Eni eni = world.toChange(form.required("NetworkInterfaceId"));
    if (!eni.instance.isEmpty()) {
      throw new Ec2Refusal(
          "InvalidNetworkInterface.InUse",
          "Network interface '" + eni.id + "' is currently in use.");
    }
    world.remove(eni.id);
    return new Ec2Xml().element("return", true);
  }

  // Tagging

  private Ec2Xml tag(Ec2Form form, boolean put) {
    List<String> resources = form.list("ResourceId");
    Map<String, String> tags = form.tags("Tag");
    if (resources.isEmpty() || tags.isEmpty()) {
      throw new Ec2Refusal("MissingParameter", "Resources and tags must be specified");
    }
    for (String id : resources) {
      Eni eni = world.toChange(id);
      if (put) {
        Map<String, String> all = new HashMap<>(eni.tags);
        all.putAll(tags);
        Ec2Creation.checkTags(all);
        eni.tags.putAll(tags);
      } else {
        eni.tags.keySet().removeAll(tags.keySet());
      }
    }
    return new Ec2Xml().element("return", true);
  }
}
