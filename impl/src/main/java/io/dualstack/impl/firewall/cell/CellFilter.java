package io.dualstack.impl.firewall.cell;

import io.dualstack.firewall.CellFirewall;
import io.dualstack.firewall.ContainerFirewall;
import io.dualstack.firewall.Packet;
import io.dualstack.firewall.PolicyRules;
import io.dualstack.firewall.Verdict;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the firewall of a whole cell does to a packet, as the model has it: what back ends must do.
 * No packet is above a limit here. Costs a few look-ups and the rules of two containers.
 */
public final class CellFilter {
  private final CellFirewall cell;
  private final List<CellRule> policies;
  private final Map<IpAddress, PathRules> byAddress = new HashMap<>();
  private final Map<String, PathRules> byDevice = new HashMap<>();
  private final @Nullable PathRules closed;

  /** Makes the filter of a cell with these containers and policies. */
  public CellFilter(
      CellModel model, Collection<ContainerFirewall> containers, PolicyRules policies) {
    this.cell = model.cell();
    this.policies = model.policies(policies);
    this.closed = model.closed().orElse(null);
    for (ContainerFirewall container : containers) {
      for (PathRules rules : model.rules(container)) {
        byAddress.put(container.endpoint().address(rules.family()).orElseThrow(), rules);
        if (rules.family() == IpFamily.IPV6) {
          byDevice.put(container.endpoint().device(), rules);
        }
      }
    }
  }

  /**
   * What becomes of a packet.
   *
   * @param verdict whether it passes
   * @param rule the rule that decided; null when none did, and it passes
   * @param mark the mark it has then
   */
  public record Outcome(Verdict verdict, CellRule.@Nullable Decide rule, long mark) {
    /** Returns the rule that decided; empty when none did. */
    public Optional<CellRule.Decide> decidedBy() {
      return Optional.ofNullable(rule);
    }
  }

  /** Returns what becomes of a packet. */
  public Outcome outcome(Passage passage) {
    Packet packet = passage.packet();
    for (CellRule rule : rules(passage)) {
      if (rule.match().contains(packet)) {
        if (rule instanceof CellRule.Decide decide) {
          return new Outcome(decide.rule().verdict(), decide, packet.mark());
        }
        if (rule instanceof CellRule.Mark mark) {
          packet =
              new Packet(
                  packet.source(),
                  packet.destination(),
                  packet.service(),
                  packet.state(),
                  mark.mark());
        }
      }
    }
    return new Outcome(Verdict.ACCEPT, null, packet.mark());
  }

  private List<CellRule> rules(Passage passage) {
    Packet packet = passage.packet();
    PathRules source = byAddress.get(packet.source());
    List<CellRule> met = new ArrayList<>();
    if (passage.out().isEmpty()) {
      PathRules told = packet.family() == IpFamily.IPV4 ? source : byDevice.get(passage.in());
      add(met, told, Path.TO_HOST);
      add(met, closed, Path.TO_HOST);
      return met;
    }
    PathRules destination = byAddress.get(packet.destination());
    met.addAll(policies);
    add(met, cell.underlay().contains(passage.out()) ? source : null, Path.EGRESS);
    add(met, cell.overlay().equals(passage.out()) ? source : null, Path.TO_OVERLAY);
    add(met, cell.underlay().contains(passage.in()) ? destination : null, Path.FROM_UNDERLAY);
    add(met, destination, Path.TO_CONTAINER);
    add(met, source, Path.ELSEWHERE);
    Stream.of(Path.TO_CONTAINER, Path.ELSEWHERE).forEach(path -> add(met, closed, path));
    return met;
  }

  private static void add(List<CellRule> met, @Nullable PathRules rules, Path path) {
    if (rules != null) {
      met.addAll(rules.of(path));
    }
  }
}
