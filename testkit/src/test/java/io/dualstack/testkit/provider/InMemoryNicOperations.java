package io.dualstack.testkit.provider;

import io.dualstack.Diagnostic;
import io.dualstack.ProviderException;
import io.dualstack.ProviderException.Reason;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpSet;
import io.dualstack.provider.NicBlock;
import io.dualstack.provider.NicRequest;
import io.dualstack.provider.ProviderPool;
import io.dualstack.provider.support.InfrastructureNic;
import io.dualstack.provider.support.NicIdentity;
import io.dualstack.provider.support.NicOperations;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An infrastructure in memory that makes a NIC block by block, and fails when told to. */
final class InMemoryNicOperations implements NicOperations {
  private final NetworkSet networks;
  private final Map<String, InfrastructureNic> nics = new LinkedHashMap<>();
  private final Map<String, String> tokens = new LinkedHashMap<>();
  private int made;
  private int steps;
  private int failAt = -1;
  private boolean broken;

  InMemoryNicOperations(NetworkSet networks) {
    this.networks = networks;
  }

  /** Fails the step after so many, once; later ones work again. */
  synchronized void failAfter(int more) {
    failAt = steps + more;
    broken = false;
  }

  /** Fails the step after so many and all later ones, as if the process were gone. */
  synchronized void breakAfter(int more) {
    failAt = steps + more;
    broken = true;
  }

  synchronized void mend() {
    failAt = -1;
    broken = false;
  }

  /** Adds a NIC that carries no identity. */
  synchronized InfrastructureNic foreign(String id, List<IpPrefix> blocks) {
    InfrastructureNic nic = new InfrastructureNic(id, null, null, null, blocks);
    nics.put(id, nic);
    return nic;
  }

  /** Removes a NIC behind everybody's back. */
  synchronized void lose(String id) {
    nics.remove(id);
  }

  synchronized List<InfrastructureNic> nics() {
    return List.copyOf(nics.values());
  }

  private void step() {
    int now = steps++;
    if (failAt >= 0 && (broken ? now >= failAt : now == failAt)) {
      throw failure(Reason.UNAVAILABLE, "fails at step " + now);
    }
  }

  private static ProviderException failure(Reason reason, String message) {
    return new ProviderException("memory", reason, true, message, null);
  }

  @Override
  public List<ProviderPool> pools() {
    return networks.manual().stream()
        .map(
            network ->
                new ProviderPool(
                    network.name(),
                    "",
                    network.subnets().stream().map(subnet -> subnet.range()).toList(),
                    IpSet.empty()))
        .toList();
  }

  @Override
  public List<Diagnostic> verify(NetworkSet checked) {
    return List.of();
  }

  @Override
  public void check(NicRequest request) {}

  @Override
  public synchronized List<InfrastructureNic> all() {
    step();
    return nics.values().stream().filter(nic -> nic.owned().isPresent()).toList();
  }

  @Override
  public synchronized Optional<InfrastructureNic> find(NicIdentity identity) {
    step();
    return nics.values().stream()
        .filter(nic -> nic.owned().filter(identity::equals).isPresent())
        .findFirst();
  }

  @Override
  public synchronized Optional<InfrastructureNic> holder(NicRequest request, IpPrefix block) {
    step();
    return holding(block);
  }

  private Optional<InfrastructureNic> holding(IpPrefix block) {
    return nics.values().stream()
        .filter(nic -> nic.blocks().stream().anyMatch(block::overlaps))
        .findFirst();
  }

  @Override
  public synchronized InfrastructureNic create(NicRequest request, String token) {
    step();
    String id = tokens.computeIfAbsent(token, key -> "nic-" + made++);
    InfrastructureNic empty =
        new InfrastructureNic(id, NicIdentity.of(request), request.incarnation(), null, List.of());
    nics.putIfAbsent(id, empty);
    return put(nics.getOrDefault(id, empty), request.blocks());
  }

  @Override
  public synchronized InfrastructureNic change(
      InfrastructureNic nic, NicRequest request, List<IpPrefix> gone, List<NicBlock> more) {
    InfrastructureNic now = nics.getOrDefault(nic.id(), nic);
    for (IpPrefix block : gone) {
      step();
      List<IpPrefix> left = new ArrayList<>(now.blocks());
      left.remove(block);
      now = with(now, left);
    }
    return put(now, more);
  }

  private InfrastructureNic put(InfrastructureNic nic, List<NicBlock> blocks) {
    InfrastructureNic now = nic;
    for (NicBlock wanted : blocks) {
      step();
      IpPrefix block = wanted.block();
      if (block == null) {
        block = pick(wanted);
      }
      if (!now.blocks().contains(block)) {
        if (holding(block).isPresent()) {
          throw failure(Reason.CONFLICT, block + " is in use");
        }
        List<IpPrefix> more = new ArrayList<>(now.blocks());
        more.add(block);
        now = with(now, more);
      }
    }
    return now;
  }

  private IpPrefix pick(NicBlock wanted) {
    return networks.manual().stream()
        .filter(network -> network.name().equals(wanted.network()))
        .flatMap(network -> network.subnets().stream())
        .flatMap(
            subnet -> {
              Iterator<IpPrefix> blocks = subnet.range().split(wanted.length()).iterator();
              while (blocks.hasNext()) {
                IpPrefix block = blocks.next();
                if (!subnet.restricted().overlaps(block) && holding(block).isEmpty()) {
                  return Optional.of(block).stream();
                }
              }
              return Optional.<IpPrefix>empty().stream();
            })
        .findFirst()
        .orElseThrow(() -> failure(Reason.EXHAUSTED, "nothing is left"));
  }

  private InfrastructureNic with(InfrastructureNic nic, List<IpPrefix> blocks) {
    InfrastructureNic now =
        new InfrastructureNic(nic.id(), nic.identity(), nic.incarnation(), nic.mac(), blocks);
    nics.put(nic.id(), now);
    return now;
  }

  @Override
  public synchronized InfrastructureNic adopt(InfrastructureNic nic, NicRequest request) {
    step();
    InfrastructureNic now =
        new InfrastructureNic(
            nic.id(), NicIdentity.of(request), request.incarnation(), nic.mac(), nic.blocks());
    nics.put(nic.id(), now);
    return now;
  }

  @Override
  public synchronized void disown(InfrastructureNic nic) {
    step();
    nics.put(nic.id(), new InfrastructureNic(nic.id(), null, null, nic.mac(), nic.blocks()));
  }

  @Override
  public synchronized void delete(InfrastructureNic nic) {
    step();
    nics.remove(nic.id());
  }

  @Override
  public void close() {}
}
