package io.dualstack.impl.director;

import io.dualstack.Diagnostic;
import io.dualstack.ProviderException;
import io.dualstack.ProviderNotFoundException;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.allocation.Owner;
import io.dualstack.allocation.OwnerScope;
import io.dualstack.allocation.PrefixChooser;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.MacAddress;
import io.dualstack.provider.AttachOutcome;
import io.dualstack.provider.AttachedNic;
import io.dualstack.provider.Capabilities;
import io.dualstack.provider.DiscoveredProvider;
import io.dualstack.provider.FamilyCapabilities;
import io.dualstack.provider.NetworkProvider;
import io.dualstack.provider.NicBlock;
import io.dualstack.provider.NicRequest;
import io.dualstack.provider.ProviderContext;
import io.dualstack.provider.ProviderPool;
import io.dualstack.provider.ProviderSession;
import io.dualstack.provider.Providers;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** An infrastructure in memory that fails when a test says so, and keeps what it had then. */
class ScriptedProvider implements NetworkProvider, Providers {

  final TreeMap<String, AttachedNic> nics = new TreeMap<>();
  final Set<Owner> failing = new HashSet<>();
  final List<IpPrefix> choices = new ArrayList<>();
  final List<Diagnostic> findings = new ArrayList<>();
  int calls;

  /** Whether the process is gone before anything is detached. */
  boolean dropsDetach;

  /** How many NICs are attached before the process is gone; negative for never. */
  int diesAfter = -1;

  @Override
  public String name() {
    return "scripted";
  }

  @Override
  public int apiVersion() {
    return API_VERSION;
  }

  @Override
  public Capabilities capabilities() {
    Set<PrefixChooser> anybody = EnumSet.allOf(PrefixChooser.class);
    return new Capabilities(
        Map.of(
            IpFamily.IPV4, FamilyCapabilities.lengths(28, 28, 1, 1, anybody),
            IpFamily.IPV6, FamilyCapabilities.lengths(64, 96, 1, 1, anybody)),
        true);
  }

  @Override
  public ProviderSession open(ProviderContext context) {
    return session();
  }

  @Override
  public List<DiscoveredProvider> discovered() {
    return List.of(new DiscoveredProvider.Usable(this, "test"));
  }

  @Override
  public NetworkProvider byName(String name) {
    if (!name.equals(name())) {
      throw new ProviderNotFoundException(name, "no provider " + name);
    }
    return this;
  }

  ProviderSession session() {
    return new Session();
  }

  private final class Session implements ProviderSession {
    @Override
    public List<ProviderPool> pools() {
      return List.of();
    }

    @Override
    public List<Diagnostic> verify(NetworkSet networks) {
      return findings;
    }

    @Override
    public List<AttachOutcome> attach(List<NicRequest> requests) {
      calls++;
      List<AttachOutcome> outcomes = new ArrayList<>();
      for (NicRequest request : requests) {
        if (diesAfter == 0) {
          throw new IllegalStateException("killed");
        }
        diesAfter--;
        outcomes.add(attach(request));
      }
      return outcomes;
    }

    private AttachOutcome attach(NicRequest request) {
      if (failing.contains(request.owner())) {
        return new AttachOutcome.Failed(
            request,
            new ProviderException(
                name(),
                ProviderException.Reason.UNAVAILABLE,
                true,
                request.owner() + ": no answer; try again",
                null));
      }
      String key = request.owner() + "#" + request.nic();
      AttachedNic before = nics.get(key);
      List<NicBlock> blocks = new ArrayList<>();
      for (NicBlock block : request.blocks()) {
        blocks.add(block.block() != null ? block : chosen(block, before));
      }
      AttachedNic nic =
          new AttachedNic(
              key,
              request.owner(),
              request.incarnation(),
              request.nic(),
              MacAddress.parse("02:00:00:00:00:" + String.format("%02x", nics.size() + 1)),
              blocks);
      if (before != null && before.blocks().equals(blocks)) {
        return new AttachOutcome.Attached(before, false);
      }
      nics.put(key, nic);
      return new AttachOutcome.Attached(nic, true);
    }

    private NicBlock chosen(NicBlock block, AttachedNic before) {
      if (before != null) {
        for (NicBlock earlier : before.blocks()) {
          if (earlier.network().equals(block.network())) {
            return earlier;
          }
        }
      }
      return NicBlock.chosen(block.network(), choices.remove(0));
    }

    @Override
    public void detach(Collection<AttachedNic> gone) {
      calls++;
      if (dropsDetach) {
        throw new IllegalStateException("killed");
      }
      gone.forEach(nic -> nics.remove(nic.id()));
    }

    @Override
    public List<AttachedNic> attached(OwnerScope scope) {
      return nics.values().stream().filter(nic -> scope.contains(nic.owner())).toList();
    }

    @Override
    public void close() {}
  }
}
