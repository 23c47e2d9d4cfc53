package io.dualstack.impl.lab.trace;

import io.dualstack.firewall.ConnectionState;
import io.dualstack.firewall.Packet;
import io.dualstack.firewall.Service;
import io.dualstack.firewall.Verdict;
import io.dualstack.impl.firewall.cell.CellFilter;
import io.dualstack.impl.firewall.cell.Passage;
import io.dualstack.impl.lab.LabModel;
import io.dualstack.impl.lab.trace.PlannedHop.Ending;
import io.dualstack.impl.lab.trace.PlannedHop.Next;
import io.dualstack.net.IpAddress;
import io.dualstack.net.MacAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Follows a packet from hop to hop, by configuration alone. */
final class PlannedPath {
  /** More than any path here has. */
  private static final int MOST_HOPS = 16;

  private static final long TAG = 0xffff;

  /** The device of every machine and container that is the far end of a pair. */
  private static final String FAR_END = "eth0";

  private final LabModel model;
  private final Map<String, LabModel.Host> hosts = new LinkedHashMap<>();
  private final Map<String, HostTables> tables = new LinkedHashMap<>();
  private final List<PlannedHop> hops = new ArrayList<>();

  private PlannedPath(LabModel model) {
    this.model = model;
    for (LabModel.Host host : model.hosts()) {
      hosts.put(host.name(), host);
      tables.put(host.name(), HostTables.read(host.words()));
    }
  }

  /** Follows a packet that a host sends to an address. */
  static List<PlannedHop> of(LabModel model, String from, IpAddress to, Service service) {
    PlannedPath path = new PlannedPath(model);
    Step step = path.begin(path.host(from), to, service);
    while (step != null && path.hops.size() < MOST_HOPS) {
      step = path.take(step);
    }
    return List.copyOf(path.hops);
  }

  /** A packet that comes to a host; by no device where it begins. */
  private record Step(LabModel.Host host, String in, Packet packet) {}

  private LabModel.Host host(String name) {
    return Optional.ofNullable(hosts.get(name)).orElseThrow();
  }

  private HostTables tables(LabModel.Host host) {
    return Optional.ofNullable(tables.get(host.name())).orElseThrow();
  }

  private Step begin(LabModel.Host host, IpAddress to, Service service) {
    HostTables own = tables(host);
    IpAddress source =
        own.route(to)
            .flatMap(route -> own.source(route, to))
            .or(() -> own.address(to.family()))
            .orElse(to.family().first());
    return new Step(host, "", Packet.opening(source, to, service));
  }

  private @Nullable Step take(Step step) {
    LabModel.Host host = step.host();
    LabModel.CellHost cell = host.cell();
    boolean begins = step.in().isEmpty();
    Packet routed =
        cell == null || begins
            ? step.packet()
            : cell.translation().arriving(step.packet(), step.in());
    RouteChoice route = tables(host).route(routed.destination()).orElse(RouteChoice.NONE);
    CellFilter.Outcome filter =
        cell == null || begins || route.kind() == RouteChoice.Kind.NONE
            ? null
            : cell.filter().outcome(new Passage(routed, step.in(), route.device()));
    Ending ending = ending(route, filter);
    if (ending != null) {
      add(step, routed, route, filter, routed, null, ending);
      return null;
    }
    Packet passed = filter == null ? routed : marked(routed, filter.mark());
    Packet left =
        cell == null || begins ? passed : cell.translation().leaving(passed, route.device());
    return leave(step, routed, route, filter, left);
  }

  private static @Nullable Ending ending(RouteChoice route, CellFilter.@Nullable Outcome filter) {
    if (route.kind() == RouteChoice.Kind.NONE) {
      return Ending.UNROUTED;
    }
    if (filter != null && filter.verdict() != Verdict.ACCEPT) {
      return filter.verdict() == Verdict.REJECT ? Ending.REJECTED : Ending.DROPPED;
    }
    return route.kind() == RouteChoice.Kind.LOCAL ? Ending.DELIVERED : null;
  }

  private static Packet marked(Packet packet, long mark) {
    return new Packet(
        packet.source(), packet.destination(), packet.service(), ConnectionState.NEW, mark);
  }

  private void add(
      Step step,
      Packet routed,
      RouteChoice route,
      CellFilter.@Nullable Outcome filter,
      Packet left,
      @Nullable Next next,
      @Nullable Ending ending) {
    hops.add(
        new PlannedHop.Routed(
            step.host(),
            step.in(),
            isGuarded(step),
            step.packet(),
            routed,
            route,
            filter,
            left,
            next,
            ending));
  }

  /** Of what comes to a cell by a device of which the other end is in a container. */
  private boolean isGuarded(Step step) {
    LabModel.CellHost cell = step.host().cell();
    return cell != null && cell.guarded() && tables(step.host()).ends().containsKey(step.in());
  }

  // Links

  private @Nullable Step leave(
      Step step,
      Packet routed,
      RouteChoice route,
      CellFilter.@Nullable Outcome filter,
      Packet left) {
    LabModel.Host host = step.host();
    IpAddress address = route.nextHop(routed.destination());
    Optional<MacAddress> fixed = tables(host).neighbor(address, route.device());
    Optional<IpAddress> tunnel = fixed.flatMap(tables(host)::tunnel);
    Optional<Place> place =
        tunnel.isPresent() ? beyond(host, tunnel.get()) : onLink(host, route.device(), address);
    add(
        step,
        routed,
        route,
        filter,
        left,
        new Next(
            address,
            fixed.orElse(null),
            place.map(each -> each.host().label()).orElse(""),
            tunnel.orElse(null)),
        place.isPresent() ? null : Ending.UNANSWERED);
    place.map(Place::bridged).ifPresent(hops::addAll);
    // A mark stays on its host, but for the tag that the tunnel carries.
    return place
        .map(
            each ->
                new Step(
                    each.host(),
                    each.in(),
                    marked(left, tunnel.isPresent() ? left.mark() & TAG : 0)))
        .orElse(null);
  }

  /** Who holds an address, the device it comes to there, and the bridges between. */
  private record Place(LabModel.Host host, String in, List<PlannedHop> bridged) {}

  /** A tunnel's packet crosses the fabric, and comes out of the other machine's tunnel device. */
  private Optional<Place> beyond(LabModel.Host host, IpAddress machine) {
    HostTables own = tables(host);
    return own.route(machine)
        .flatMap(route -> onLink(host, route.device(), route.nextHop(machine)))
        .map(
            place ->
                new Place(
                    place.host(),
                    tunnelDevice(place.host()),
                    place.bridged().stream().map(PlannedPath::within).toList()));
  }

  private static PlannedHop within(PlannedHop hop) {
    return hop instanceof PlannedHop.Bridged bridged
        ? new PlannedHop.Bridged(bridged.host(), bridged.in(), bridged.out(), true)
        : hop;
  }

  private String tunnelDevice(LabModel.Host host) {
    return tables(host).tunnelDevice();
  }

  private Optional<Place> onLink(LabModel.Host host, String device, IpAddress address) {
    Path far = tables(host).ends().get(device);
    if (far != null) {
      LabModel.Host other = hostIn(far);
      return tables(other).answersFor(address, FAR_END)
          ? Optional.of(new Place(other, FAR_END, List.of()))
          : Optional.empty();
    }
    for (LabModel.Host near : hosts.values()) {
      Optional<String> port = port(near, host);
      if (device.equals(FAR_END) && port.isPresent()) {
        return behind(near, port.get(), address);
      }
    }
    return among(host, device, address).map(each -> new Place(each.host(), FAR_END, List.of()));
  }

  /** The device of a host whose other end is another's. */
  private Optional<String> port(LabModel.Host near, LabModel.Host far) {
    Path file = model.view().place().namespace(far.name());
    return tables(near).ends().entrySet().stream()
        .filter(end -> end.getValue().equals(file))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  private LabModel.Host hostIn(Path file) {
    return hosts.values().stream()
        .filter(host -> model.view().place().namespace(host.name()).equals(file))
        .findFirst()
        .orElseThrow();
  }

  /** Who holds an address at the other end of a device, or across the bridge that has it. */
  private Optional<Place> behind(LabModel.Host near, String port, IpAddress address) {
    Optional<String> bridge = tables(near).bridge(port);
    String device = bridge.orElse(port);
    if (tables(near).answersFor(address, device)) {
      return Optional.of(new Place(near, device, List.of()));
    }
    return bridge
        .flatMap(name -> among(near, name, address))
        .filter(found -> !found.port().equals(port))
        .map(
            found ->
                new Place(
                    found.host(),
                    FAR_END,
                    List.of(new PlannedHop.Bridged(near, port, found.port(), false))));
  }

  private record Member(LabModel.Host host, String port) {}

  /** Who holds an address among those at the ports of a bridge. */
  private Optional<Member> among(LabModel.Host near, String bridge, IpAddress address) {
    for (Map.Entry<String, Path> end : tables(near).ends().entrySet()) {
      if (tables(near).bridge(end.getKey()).filter(bridge::equals).isPresent()) {
        LabModel.Host other = hostIn(end.getValue());
        if (tables(other).answersFor(address, FAR_END)) {
          return Optional.of(new Member(other, end.getKey()));
        }
      }
    }
    return Optional.empty();
  }
}
