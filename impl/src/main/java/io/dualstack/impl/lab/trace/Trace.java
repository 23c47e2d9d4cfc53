package io.dualstack.impl.lab.trace;

import io.dualstack.firewall.Service;
import io.dualstack.impl.lab.LabModel;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One packet to trace.
 *
 * @param model the lab
 * @param from who sends it
 * @param to where, as it was asked for
 * @param address where
 * @param service what it asks for
 */
public record Trace(
    LabModel model, LabModel.Host from, String to, IpAddress address, Service service) {

  /** What a packet asks for, in whichever family. */
  @FunctionalInterface
  public interface Asked {
    /** Returns it. */
    Service in(IpFamily family);
  }

  /**
   * Finds both ends.
   *
   * @param from a machine, an instance or {@code outside}
   * @param to one of them, or an address
   * @param family by which family; null for IPv6 where both have it
   * @throws IllegalArgumentException if there is no such end, or it lacks the family
   */
  public static Trace of(
      LabModel model, String from, String to, @Nullable IpFamily family, Asked asked) {
    LabModel.Host sender = host(model, from).orElseThrow(() -> noSuch("--from", from, model));
    HostTables own = HostTables.read(sender.words());
    Optional<HostTables> other = host(model, to).map(host -> HostTables.read(host.words()));
    Optional<IpAddress> given = IpAddress.tryParse(to);
    if (other.isEmpty() && given.isEmpty()) {
      throw noSuch("--to", to, model);
    }
    boolean both =
        own.address(IpFamily.IPV6).isPresent()
            && other.flatMap(tables -> tables.address(IpFamily.IPV6)).isPresent();
    IpFamily chosen =
        family != null
            ? family
            : given.map(IpAddress::family).orElse(both ? IpFamily.IPV6 : IpFamily.IPV4);
    if (own.address(chosen).isEmpty()) {
      throw lacks("--from", from, chosen);
    }
    IpAddress address =
        given
            .or(() -> other.flatMap(tables -> tables.address(chosen)))
            .filter(each -> each.family() == chosen)
            .orElseThrow(() -> lacks("--to", to, chosen));
    if (own.route(address).filter(RouteChoice.LOCAL::equals).isPresent()) {
      throw new IllegalArgumentException("--to: %s: is the sender itself".formatted(to));
    }
    return new Trace(model, sender, to, address, asked.in(chosen));
  }

  private static Optional<LabModel.Host> host(LabModel model, String label) {
    return model.hosts().stream().filter(host -> host.label().equals(label)).findFirst();
  }

  private static IllegalArgumentException noSuch(String option, String text, LabModel model) {
    return new IllegalArgumentException(
        "%s: \"%s\": is none of %s"
            .formatted(
                option,
                text,
                model.hosts().stream()
                    .map(LabModel.Host::label)
                    .collect(Collectors.joining(", "))));
  }

  private static IllegalArgumentException lacks(String option, String text, IpFamily family) {
    return new IllegalArgumentException(
        "%s: %s: has no address of %s; use -%d"
            .formatted(option, text, family.label(), family == IpFamily.IPV6 ? 4 : 6));
  }

  /**
   * Follows the packet by configuration alone.
   *
   * @param unwatched why no kernel is asked
   */
  public Journal planned(String unwatched) {
    List<PlannedHop> path = path();
    return journal(path, Comparison.of(path, null, null), unwatched);
  }

  /**
   * Sends the packet, and watches what the kernels do.
   *
   * @throws io.dualstack.KernelException if they can't be watched; then nothing of that is left
   */
  public Journal watched() {
    List<PlannedHop> path = path();
    Set<String> onPath = path.stream().map(hop -> hop.host().name()).collect(Collectors.toSet());
    // Of instances, which may be many, those alone that it should come to.
    List<LabModel.Host> watched =
        model.hosts().stream()
            .filter(host -> host.ports() == null || onPath.contains(host.name()))
            .toList();
    try (KernelWatch watch = KernelWatch.open(model, watched, new PacketMatch(path))) {
      Answer answer = Sender.send(watch.host(from.name()).namespace(), address, service);
      watch.read();
      return journal(path, Comparison.of(path, watch, answer), null);
    }
  }

  private List<PlannedHop> path() {
    return PlannedPath.of(model, from.name(), address, service);
  }

  private Journal journal(
      List<PlannedHop> path, List<Journal.Hop> hops, @Nullable String unwatched) {
    return new Journal(
        from.label(),
        to,
        ((PlannedHop.Routed) path.get(0)).arrived(),
        hops,
        Words.outcome(path),
        unwatched);
  }
}
