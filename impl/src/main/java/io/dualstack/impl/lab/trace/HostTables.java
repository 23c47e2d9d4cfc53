package io.dualstack.impl.lab.trace;

import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.MacAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Addresses, routes and neighbors of one namespace, read from the words of {@code ip} that make
 * them: what the kernel is to hold, without asking it.
 */
final class HostTables {
  private record Own(IpAddress address, String device) {}

  private record Link(IpAddress address, String device) {}

  private final List<Own> addresses = new ArrayList<>();
  private final List<Routed> routes = new ArrayList<>();
  private final Map<Link, MacAddress> neighbors = new HashMap<>();
  private final Map<MacAddress, IpAddress> tunnels = new HashMap<>();
  private String tunnelDevice = "";
  private final Set<Link> proxied = new HashSet<>();
  private final Map<String, Path> ends = new LinkedHashMap<>();
  private final Map<String, String> bridges = new HashMap<>();

  /** A route to a prefix; the choice without a source where the device's is taken. */
  private record Routed(IpPrefix to, RouteChoice choice) {}

  private HostTables() {}

  static HostTables read(List<String> words) {
    HostTables tables = new HostTables();
    for (String line : words) {
      tables.read(new Line(line));
    }
    return tables;
  }

  /** One line, of which most words come in pairs. */
  private record Line(List<String> words) {
    Line(String line) {
      this(Arrays.asList(line.split(" ")));
    }

    boolean has(String word) {
      return words.contains(word);
    }

    Optional<String> after(String word) {
      int at = words.indexOf(word);
      return at < 0 || at + 1 >= words.size() ? Optional.empty() : Optional.of(words.get(at + 1));
    }

    String required(String word) {
      return after(word).orElseThrow(() -> new IllegalArgumentException(words + ": no " + word));
    }

    Optional<IpAddress> address(String word) {
      return after(word).map(IpAddress::parse);
    }

    boolean begins(String... with) {
      return words.size() >= with.length && words.subList(0, with.length).equals(List.of(with));
    }
  }

  private void read(Line line) {
    if (line.begins("address", "add")) {
      readAddress(line);
    } else if (line.begins("route")) {
      readRoute(line);
    } else if (line.begins("neighbor", "replace", "proxy")) {
      proxied.add(new Link(IpAddress.parse(line.required("proxy")), line.required("dev")));
    } else if (line.begins("neighbor")) {
      neighbors.put(
          new Link(IpAddress.parse(line.words().get(2)), line.required("dev")),
          MacAddress.parse(line.required("lladdr")));
    } else if (line.begins("fdb")) {
      tunnels.put(MacAddress.parse(line.words().get(2)), IpAddress.parse(line.required("dst")));
      tunnelDevice = line.required("dev");
    } else if (line.has("netns")) {
      ends.put(line.required("name"), Path.of(line.required("netns")));
    } else if (line.has("master")) {
      bridges.put(line.required("dev"), line.required("master"));
    }
  }

  private void readAddress(Line line) {
    String[] text = line.words().get(2).split("/");
    IpAddress address = IpAddress.parse(text[0]);
    String device = line.required("dev");
    addresses.add(new Own(address, device));
    IpPrefix onLink =
        line.after("peer")
            .map(IpPrefix::parse)
            .orElseGet(() -> IpPrefix.containing(address, Integer.parseInt(text[1])));
    routes.add(new Routed(onLink, RouteChoice.out(null, device, null)));
  }

  private void readRoute(Line line) {
    if (line.has("unreachable")) {
      routes.add(new Routed(IpPrefix.parse(line.required("unreachable")), RouteChoice.NONE));
      return;
    }
    IpAddress via = line.address("via").orElse(null);
    IpPrefix to = prefix(line.words().get(2), via);
    String device =
        line.after("dev")
            .or(() -> Optional.ofNullable(via).flatMap(this::route).map(RouteChoice::device))
            .orElseThrow(() -> new IllegalArgumentException(line + ": leads nowhere"));
    routes.add(new Routed(to, RouteChoice.out(via, device, line.address("src").orElse(null))));
  }

  private static IpPrefix prefix(String text, @Nullable IpAddress via) {
    if (text.equals("default")) {
      return (via == null ? IpFamily.IPV4 : via.family()).all();
    }
    return text.contains("/") ? IpPrefix.parse(text) : IpPrefix.single(IpAddress.parse(text));
  }

  /** The address by which others know it; empty without one of a family. */
  Optional<IpAddress> address(IpFamily family) {
    return addresses.stream()
        .map(Own::address)
        .filter(address -> address.family() == family && !address.isLinkLocal())
        .findFirst();
  }

  /** Where it sends a packet of its own; empty where it has no route at all. */
  Optional<RouteChoice> route(IpAddress to) {
    if (addresses.stream().anyMatch(own -> own.address().equals(to))) {
      return Optional.of(RouteChoice.LOCAL);
    }
    return routes.stream()
        .filter(route -> route.to().contains(to))
        .max(Comparator.comparingInt(route -> route.to().length()))
        .map(Routed::choice);
  }

  /** The source that a packet of its own has: by IPv6 one of the destination's scope. */
  Optional<IpAddress> source(RouteChoice route, IpAddress to) {
    if (route.source() != null) {
      return Optional.of(route.source());
    }
    return addresses.stream()
        .filter(own -> own.device().equals(route.device()))
        .map(Own::address)
        .filter(address -> address.family() == to.family())
        .filter(
            address -> to.family() == IpFamily.IPV4 || address.isLinkLocal() == to.isLinkLocal())
        .findFirst()
        .or(() -> address(to.family()));
  }

  /** The hardware address that is laid down for a neighbor. */
  Optional<MacAddress> neighbor(IpAddress address, String device) {
    return Optional.ofNullable(neighbors.get(new Link(address, device)));
  }

  /** Where a tunnel leads to a hardware address. */
  Optional<IpAddress> tunnel(MacAddress to) {
    return Optional.ofNullable(tunnels.get(to));
  }

  /** The device that its tunnels begin at; empty without any. */
  String tunnelDevice() {
    return tunnelDevice;
  }

  /** Whether it says on a device's link that an address is there. */
  boolean answersFor(IpAddress address, String device) {
    return addresses.contains(new Own(address, device))
        || proxied.contains(new Link(address, device));
  }

  /** The namespaces at the other ends of its pairs of devices. */
  Map<String, Path> ends() {
    return ends;
  }

  boolean hasBridge() {
    return !bridges.isEmpty();
  }

  /** The bridge that a device is a port of. */
  Optional<String> bridge(String device) {
    return Optional.ofNullable(bridges.get(device));
  }
}
