package io.dualstack.impl.director;

import io.dualstack.AllocationConflictException;
import io.dualstack.ProviderException;
import io.dualstack.allocation.AllocationKind;
import io.dualstack.allocation.Owner;
import io.dualstack.allocation.PrefixAllocator;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.MacAddress;
import io.dualstack.provider.AttachOutcome;
import io.dualstack.provider.AttachedNic;
import io.dualstack.provider.NicBlock;
import io.dualstack.provider.NicRequest;
import io.dualstack.provider.ProviderSession;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What came of attaching: what the provider chose is recorded, and what failed is remembered. */
final class Attaching {

  private final PrefixAllocator allocator;
  private final Map<Owner, Map<String, IpPrefix>> chosen = new LinkedHashMap<>();
  private final Map<Owner, Map<String, MacAddress>> macs = new HashMap<>();
  private final Set<Owner> failedOwners = new HashSet<>();
  private @Nullable RuntimeException failure;
  private int failures;
  private int changed;

  Attaching(PrefixAllocator allocator) {
    this.allocator = allocator;
  }

  void record(ProviderSession session, List<NicRequest> requests, List<AttachOutcome> outcomes) {
    for (int i = 0; i < outcomes.size(); i++) {
      NicRequest request = requests.get(i);
      if (outcomes.get(i) instanceof AttachOutcome.Attached attached) {
        record(session, request, attached);
      } else if (outcomes.get(i) instanceof AttachOutcome.Failed failed) {
        fail(request, failed.failure());
      }
    }
  }

  private void record(
      ProviderSession session, NicRequest request, AttachOutcome.Attached attached) {
    AttachedNic nic = attached.nic();
    try {
      for (NicBlock asked : request.blocks()) {
        if (asked.block() == null) {
          adopt(request, asked, nic);
        }
      }
    } catch (AllocationConflictException e) {
      // The provider chose what somebody holds: it must not stay attached.
      session.detach(List.of(nic));
      fail(request, e);
      return;
    }
    MacAddress mac = nic.mac();
    if (mac != null) {
      macs.computeIfAbsent(request.owner(), owner -> new HashMap<>(2)).put(nic.nic(), mac);
    }
    if (attached.changed()) {
      changed++;
    }
  }

  private void adopt(NicRequest request, NicBlock asked, AttachedNic nic) {
    for (NicBlock block : nic.blocks()) {
      IpPrefix choice = block.block();
      if (block.network().equals(asked.network()) && choice != null) {
        allocator.reserve(
            request.owner(),
            request.incarnation(),
            request.zone(),
            asked.network(),
            choice,
            AllocationKind.DYNAMIC);
        chosen
            .computeIfAbsent(request.owner(), owner -> new HashMap<>(2))
            .put(asked.network(), choice);
      }
    }
  }

  private void fail(NicRequest request, RuntimeException cause) {
    failedOwners.add(request.owner());
    failures++;
    if (failure == null) {
      failure = cause;
    }
  }

  /** Throws the first failure, with how many there were. */
  void throwFailure() {
    if (failure instanceof ProviderException first && failures > 1) {
      throw new ProviderException(
          first.providerName(),
          first.reason(),
          first.retryable(),
          "%s; and %d more NICs failed".formatted(unnamed(first), failures - 1),
          first);
    }
    if (failure != null) {
      throw failure;
    }
  }

  /** The message without the provider's name, which the exception puts in front again. */
  private static String unnamed(ProviderException failure) {
    String message = String.valueOf(failure.getMessage());
    String name = failure.providerName() + ": ";
    return message.startsWith(name) ? message.substring(name.length()) : message;
  }

  Map<Owner, Map<String, IpPrefix>> chosen() {
    return chosen;
  }

  Map<Owner, Map<String, MacAddress>> macs() {
    return macs;
  }

  Set<Owner> failedOwners() {
    return failedOwners;
  }

  int changed() {
    return changed;
  }
}
