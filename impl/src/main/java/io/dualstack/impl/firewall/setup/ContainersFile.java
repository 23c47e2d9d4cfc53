package io.dualstack.impl.firewall.setup;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.cell.AttachedContainer;
import io.dualstack.firewall.BoundSecurityGroup;
import io.dualstack.firewall.ContainerEndpoint;
import io.dualstack.firewall.ContainerFirewall;
import io.dualstack.firewall.Ipv6Firewall;
import io.dualstack.firewall.PortMapping;
import io.dualstack.impl.cni.datastore.DescribedContainer;
import io.dualstack.impl.cni.link.LinkNames;
import io.dualstack.impl.config.JsonFile;
import io.dualstack.impl.firewall.Findings;
import io.dualstack.impl.firewall.Place;
import io.dualstack.impl.firewall.cell.GroupChoice;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The containers of a cell in a file: that of the wrapper plugin, which is an object by handle with
 * {@code ip}, {@code ipv6} and {@code metadata}, to which {@code device} and {@code port_mappings}
 * may be added. Every fault is told.
 */
final class ContainersFile {
  private static final String CODE = "ContainerInvalid";
  private static final Set<String> KEYS =
      Set.of("handle", "ip", "ipv6", "device", "port_mappings", "metadata");
  private static final Set<String> WORKLOADS = Set.of("", "app", "task", "staging");

  private final @Nullable Ipv6Firewall ipv6;
  private final List<DescribedContainer> described = new ArrayList<>();
  private final List<ContainerFirewall> containers = new ArrayList<>();

  /** What only one container may have. */
  private final Set<Object> taken = new HashSet<>();

  private ContainersFile(@Nullable Ipv6Firewall ipv6) {
    this.ipv6 = ipv6;
  }

  /**
   * Reads a file.
   *
   * @param ipv6 the cell's IPv6; null for none, and then no container may have such an address
   * @throws java.io.UncheckedIOException if it can't be read
   * @throws io.dualstack.InvalidConfigurationException with every fault and its JSON pointer
   */
  static ContainersFile read(Path file, @Nullable Ipv6Firewall ipv6) {
    ContainersFile read = new ContainersFile(ipv6);
    JsonFile json = JsonFile.read(file);
    Findings findings = new Findings();
    Place root = new Place(json.source(), "", json.root(), findings);
    if (!json.root().isObject()) {
      root.refusePart("", CODE, "is no object; write {\"HANDLE\": {\"ip\": …}}");
    }
    for (Map.Entry<String, JsonNode> entry : json.root().properties()) {
      int before = findings.count();
      Place place = root.member(entry.getKey());
      try {
        read.container(entry.getKey(), place);
      } catch (IllegalArgumentException e) {
        if (findings.count() == before) {
          place.refusePart("", CODE, String.valueOf(e.getMessage()));
        }
      }
    }
    findings.throwIfAny();
    return read;
  }

  /** Returns the containers with what the runtime said of them. */
  List<DescribedContainer> described() {
    return described;
  }

  /** Returns the containers, each with those groups that apply to it. */
  List<ContainerFirewall> reaching(List<BoundSecurityGroup> groups) {
    return containers.stream()
        .map(each -> each.reaching(GroupChoice.of(groups, each.workload())))
        .toList();
  }

  private void container(String handle, Place place) {
    if (!place.value().isObject()) {
      place.refuse(CODE, "is no container; write {\"ip\": …}");
      return;
    }
    place
        .value()
        .fieldNames()
        .forEachRemaining(
            key -> {
              if (!KEYS.contains(key)) {
                place
                    .member(key)
                    .refusePart(
                        "",
                        CODE,
                        "is no key of a container; those are ip, ipv6, device,"
                            + " port_mappings and metadata");
              }
            });
    Place named = place.member("handle");
    if (!text(named).map(handle::equals).orElse(true)) {
      named.refuse(CODE, "is not the key that it stands under; leave it out");
    }
    Optional<IpAddress> ip = address(place.member("ip"), IpFamily.IPV4);
    Optional<IpAddress> ip6 = address(place.member("ipv6"), IpFamily.IPV6);
    if (ip.isEmpty() && isNone(place.member("ip"))) {
      place.member("ip").refusePart("", CODE, "is missing; give the container's IPv4 address");
    }
    ip6.ifPresent(address -> checkGuarded(place.member("ipv6"), address));
    Optional<String> device = text(place.member("device"));
    ObjectNode metadata = metadata(place.member("metadata"));
    List<PortMapping> mappings = mappings(place.member("port_mappings"));
    if (ip.isEmpty()) {
      return;
    }
    ContainerEndpoint endpoint =
        new ContainerEndpoint(
            handle,
            device.orElseGet(() -> LinkNames.of(ip.get()).hostDevice()),
            ip.get(),
            ip6.orElse(null));
    if (!taken.add(endpoint.device())) {
      place
          .member("device")
          .refusePart(endpoint.device(), CODE, "is another container's; give each its own");
    }
    DescribedContainer described =
        new DescribedContainer(
            new AttachedContainer(handle, endpoint.ipv4(), endpoint.ipv6()), metadata);
    containers.add(
        new ContainerFirewall(
            endpoint, described.workload(), described.ports(), mappings, List.of()));
    this.described.add(described);
  }

  private Optional<IpAddress> address(Place place, IpFamily family) {
    Optional<IpAddress> address = Optional.empty();
    try {
      address = text(place).map(text -> IpAddress.parse(text).requireFamily(family));
    } catch (IllegalArgumentException e) {
      place.refuse(CODE, String.valueOf(e.getMessage()));
    }
    if (address.isPresent() && !taken.add(address.get())) {
      place.refuse(CODE, "is another container's; give each its own");
    }
    return address;
  }

  private void checkGuarded(Place place, IpAddress address) {
    if (ipv6 == null) {
      place.refuse(
          CODE, "would be open to all, as IPv6 is off; add --ipv6, or take the address away");
    } else if (!ipv6.own().contains(address)) {
      place.refuse(
          CODE,
          "is not in ipv6_prefix, which is %s; give the prefix that containers are in"
              .formatted(ipv6.own()));
    }
  }

  private static ObjectNode metadata(Place place) {
    if (isNone(place)) {
      return JsonNodeFactory.instance.objectNode();
    }
    if (!(place.value() instanceof ObjectNode metadata)) {
      place.refuse(CODE, "is no object; write {\"space_id\": …}");
      return JsonNodeFactory.instance.objectNode();
    }
    for (String key : List.of("policy_group_id", "space_id", "container_workload", "ports")) {
      Optional<String> text = text(place.member(key));
      if (key.equals("container_workload") && !WORKLOADS.contains(text.orElse(""))) {
        place.member(key).refuse(CODE, "is no workload; use app, task or staging");
      }
    }
    return metadata;
  }

  private List<PortMapping> mappings(Place list) {
    List<PortMapping> mappings = new ArrayList<>();
    if (!isNone(list) && !list.value().isArray()) {
      list.refuse(CODE, "is no array; write [{\"host_port\": 1, \"container_port\": 2}]");
    }
    for (int i = 0; i < list.value().size(); i++) {
      Place mapping = list.element(i);
      Place host = mapping.member("host_port");
      try {
        mappings.add(new PortMapping(port(host), port(mapping.member("container_port"))));
        if (!taken.add(port(host))) {
          host.refuse(CODE, "leads to another container port too; give each one of its own");
        }
      } catch (IllegalArgumentException e) {
        mapping.refuse(CODE, String.valueOf(e.getMessage()));
      }
    }
    return mappings;
  }

  /** Returns 0, which is no port, for what is no number. */
  private static int port(Place place) {
    return place.value().isInt() ? place.value().intValue() : 0;
  }

  private static boolean isNone(Place place) {
    return place.isAbsent() || place.value().isNull();
  }

  private static Optional<String> text(Place place) {
    if (isNone(place)) {
      return Optional.empty();
    }
    if (!place.value().isTextual()) {
      place.refuse(CODE, "must be a string");
      return Optional.empty();
    }
    return Optional.of(place.value().textValue());
  }
}
