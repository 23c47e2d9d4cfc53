package io.dualstack.spi.openstack;

import static io.dualstack.spi.openstack.Refusals.mapped;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.Diagnostic;
import io.dualstack.ProviderException;
import io.dualstack.ProviderException.Reason;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.net.IpPrefix;
import io.dualstack.provider.NicBlock;
import io.dualstack.provider.NicRequest;
import io.dualstack.provider.ProviderContext;
import io.dualstack.provider.ProviderPool;
import io.dualstack.provider.support.InfrastructureNic;
import io.dualstack.provider.support.NicIdentity;
import io.dualstack.provider.support.NicOperations;
import io.dualstack.spi.openstack.access.ApiFailure;
import io.dualstack.spi.openstack.neutron.Neutron;
import io.dualstack.spi.openstack.neutron.Port;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a NIC is to Neutron: a port. Thread-safe. */
final class PortOperations implements NicOperations {
  private static final Logger LOG = LoggerFactory.getLogger(PortOperations.class);

  private final Neutron neutron;
  private final Marks marks;
  private final List<String> securityGroups;
  private final NetworkView view;
  private final Placement placement;
  private final PortFitting fitting;
  private final SecurityGroups groups;
  private final Adoption adoption;

  PortOperations(
      Neutron neutron, Marks marks, List<String> securityGroups, ProviderContext context) {
    this.neutron = neutron;
    this.marks = marks;
    this.securityGroups = securityGroups;
    this.view = new NetworkView(neutron);
    this.placement = new Placement(view, context::networks);
    this.adoption = new Adoption(neutron, marks, context.journal());
    this.fitting = new PortFitting(neutron, marks, view, placement, adoption);
    this.groups = new SecurityGroups(neutron);
  }

  @Override
  public List<ProviderPool> pools() {
    return mapped(() -> new NetworkPools(neutron, marks).list());
  }

  @Override
  public List<Diagnostic> verify(NetworkSet networks) {
    return mapped(() -> new NetworkVerification(neutron, marks, securityGroups).of(networks));
  }

  @Override
  public void check(NicRequest request) {
    NicPlan.of(request, securityGroups);
  }

  @Override
  public List<InfrastructureNic> all() {
    return mapped(
        () ->
            neutron.ports(neutron.ofProject(Map.of())).stream()
                .filter(port -> marks.read(port).isPresent())
                .map(this::finished)
                .toList());
  }

  @Override
  public Optional<InfrastructureNic> find(NicIdentity identity) {
    return mapped(() -> portsOf(identity).stream().findFirst().map(this::finished));
  }

  private List<Port> portsOf(NicIdentity identity) {
    return neutron.ports(neutron.ofProject(Map.of("name", marks.name(identity)))).stream()
        .filter(
            port -> marks.read(port).filter(mark -> mark.identity().equals(identity)).isPresent())
        .sorted(Comparator.comparing(Port::id))
        .toList();
  }

  @Override
  public Optional<InfrastructureNic> holder(NicRequest request, IpPrefix block) {
    return mapped(
        () ->
            NetworkView.holder(
                    view.portsNow(NicPlan.of(request, List.of()).networkId()), List.of(block), null)
                .map(this::nic));
  }

  /** A NIC whose last change was cut off when only the former things were left to be removed. */
  private InfrastructureNic finished(Port port) {
    Optional<Marks.Mark> mark = marks.read(port).filter(read -> read.former() != null);
    if (mark.isEmpty()) {
      return nic(port);
    }
    try {
      return nic(fitting.finish(port, mark.get()));
    } catch (ApiFailure | ProviderException failure) {
      LOG.atWarn()
          .addKeyValue("port", port.id())
          .addKeyValue("failure", failure.getMessage())
          .log("what its last change left behind can't be removed yet; the next look tries again");
      return nic(port);
    }
  }

  private InfrastructureNic nic(Port port) {
    Optional<Marks.Mark> mark = marks.read(port);
    return new InfrastructureNic(
        port.id(),
        mark.map(Marks.Mark::identity).orElse(null),
        mark.map(Marks.Mark::incarnation).orElse(null),
        port.mac(),
        port.blocks());
  }

  @Override
  public InfrastructureNic create(NicRequest request, String token) {
    return mapped(
        () -> {
          NicPlan plan = NicPlan.of(request, securityGroups);
          Marks.Mark mark = mark(request, plan);
          List<NicBlock> later = request.blocks().stream().filter(isLater(plan)).toList();
          List<NicBlock> now = new ArrayList<>(request.blocks());
          now.removeAll(later);
          fitting.checkFree(plan.networkId(), PortFitting.chosen(request.blocks()), null);
          Port port = make(plan, mark, now);
          checkPicks(port, List.of(), now);
          if (!later.isEmpty()) {
            port = fitting.fit(port, mark, List.of(), later, plan.subnetIds(), plan.poolIds());
          } else if (!port.pairs().isEmpty()) {
            fitting.checkAlone(port);
          }
          awaitListed(mark.identity(), port.id());
          return nic(port);
        });
  }

  /** Neutron knows nothing of what a network keeps back. */
  private void checkPicks(Port port, List<IpPrefix> before, List<NicBlock> blocks) {
    List<IpPrefix> picked = new ArrayList<>(port.blocks());
    picked.removeAll(before);
    picked.removeAll(PortFitting.chosen(blocks));
    for (NicBlock block : blocks) {
      if (block.block() == null
          && !block.isPrefix()
          && picked.stream().noneMatch(one -> placement.mayHave(block, one))) {
        throw new ProviderException(
            OpenStackNetworkProvider.NAME,
            Reason.REFUSED,
            false,
            ("network %s: Neutron picked %s, which the network may not hand out; have the director"
                    + " pick single addresses, or give the network the whole allocation pool")
                .formatted(block.network(), picked),
            null);
      }
    }
  }

  private static Marks.Mark mark(NicRequest request, NicPlan plan) {
    return new Marks.Mark(NicIdentity.of(request), request.incarnation(), plan.routerId(), null);
  }

  /** Which prefixes need more than an address pair: a place in a pool, or a route. */
  private Predicate<NicBlock> isLater(NicPlan plan) {
    return block ->
        block.isPrefix()
            && (plan.poolIds().containsKey(block.network())
                || (plan.routerId() != null
                    && block
                        .chosenBlock()
                        .filter(prefix -> placement.isOnLink(plan.networkId(), prefix))
                        .isEmpty()));
  }

  private Port make(NicPlan plan, Marks.Mark mark, List<NicBlock> blocks) {
    PortDraft draft =
        new PortDraft(
            new ArrayList<>(),
            placement.openSubnets(plan.networkId(), blocks, plan.subnetIds()),
            new ArrayList<>());
    placement
        .addresses(plan.networkId(), blocks, plan.subnetIds())
        .forEach((address, subnetId) -> draft.fixedIps().add(new Port.FixedIp(subnetId, address)));
    blocks.stream()
        .filter(NicBlock::isPrefix)
        .flatMap(block -> block.chosenBlock().stream())
        .forEach(prefix -> draft.pairs().add(new Port.Pair(prefix, "")));
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("network_id", plan.networkId());
    body.put("name", marks.name(mark.identity()));
    body.put("description", marks.description(mark));
    body.setAll(draft.body());
    List<String> groupIds = groups.ids(plan.securityGroups());
    if (!groupIds.isEmpty()) {
      ArrayNode array = body.putArray("security_groups");
      groupIds.forEach(array::add);
    }
    try {
      return post(body, mark);
    } catch (ApiFailure failure) {
      if (!Refusals.isInUse(failure)) {
        throw failure;
      }
      // Whoever has it came since the last look, or that look lags behind.
      fitting.checkFreeNow(plan.networkId(), draft.blocks(), null);
      return post(body, mark);
    }
  }

  private Port post(ObjectNode body, Marks.Mark mark) {
    return neutron.createPort(body, () -> portsOf(mark.identity()).stream().findFirst());
  }

  /** A listing that lags behind would tell the next call that there is no such NIC. */
  private void awaitListed(NicIdentity identity, String id) {
    for (int tried = 1; tried <= neutron.patience().attempts(); tried++) {
      if (portsOf(identity).stream().anyMatch(port -> port.id().equals(id))) {
        return;
      }
      neutron.patience().await(tried, null);
    }
  }

  @Override
  public InfrastructureNic change(
      InfrastructureNic nic, NicRequest request, List<IpPrefix> gone, List<NicBlock> more) {
    return mapped(
        () -> {
          Port port = port(nic);
          Marks.Mark mark = marks.read(port).orElseThrow(() -> lost(nic, "carries another name"));
          if (more.isEmpty() || request.cloudProperties().isEmpty()) {
            return nic(fitting.fit(port, mark, gone, more, Map.of(), Map.of()));
          }
          NicPlan plan = NicPlan.of(request, securityGroups);
          if (!plan.networkId().equals(port.networkId())) {
            throw new ProviderException(
                OpenStackNetworkProvider.NAME,
                Reason.REFUSED,
                false,
                "port %s is on Neutron's network %s, and a port can't move to %s; detach the NIC first"
                    .formatted(port.id(), port.networkId(), plan.networkId()),
                null);
          }
          Port now = fitting.fit(port, mark, gone, more, plan.subnetIds(), plan.poolIds());
          checkPicks(now, port.blocks(), more);
          return nic(now);
        });
  }

  private Port port(InfrastructureNic nic) {
    return neutron.port(nic.id()).orElseThrow(() -> lost(nic, "is gone"));
  }

  private static ProviderException lost(InfrastructureNic nic, String what) {
    return new ProviderException(
        OpenStackNetworkProvider.NAME,
        Reason.UNAVAILABLE,
        true,
        "port %s %s since it was looked at; ask again".formatted(nic.id(), what),
        null);
  }

  @Override
  public InfrastructureNic adopt(InfrastructureNic nic, NicRequest request) {
    return mapped(
        () -> nic(adoption.adopt(port(nic), mark(request, NicPlan.of(request, securityGroups)))));
  }

  @Override
  public void disown(InfrastructureNic nic) {
    mapped(
        () -> {
          neutron.port(nic.id()).ifPresent(adoption::disown);
          return nic;
        });
  }

  @Override
  public void delete(InfrastructureNic nic) {
    mapped(
        () -> {
          NicIdentity identity = nic.owned().orElseThrow();
          List<Port> ports = portsOf(identity);
          for (Port port : ports) {
            remove(port);
          }
          if (ports.isEmpty()) {
            fitting.release(marks.name(identity));
          } else {
            awaitUnlisted(identity);
          }
          return nic;
        });
  }

  private void remove(Port port) {
    if (!port.isUnused()) {
      throw new ProviderException(
          OpenStackNetworkProvider.NAME,
          Reason.REFUSED,
          true,
          "port %s is in use by %s %s; delete that, or detach the port from it, and ask again"
              .formatted(
                  port.id(),
                  port.deviceOwner().startsWith("compute:") ? "server" : port.deviceOwner(),
                  port.deviceId()),
          null);
    }
    marks.read(port).ifPresent(mark -> fitting.strip(port, mark));
    neutron.deletePort(port.id());
  }

  private void awaitUnlisted(NicIdentity identity) {
    for (int tried = 1; tried <= neutron.patience().attempts(); tried++) {
      if (portsOf(identity).isEmpty()) {
        return;
      }
      neutron.patience().await(tried, null);
    }
  }

  @Override
  public void close() {
    // The HTTP client ends with its last connection.
  }
}
