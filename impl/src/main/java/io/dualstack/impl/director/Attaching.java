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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What came of attaching: what the provider chose is recorded, and what failed is remembered. */
final class Attaching {

  /** A provider that chooses a taken block so often in a row doesn't see that it is taken. */
  private static final int MOST_CHOICES = 4;

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

  /**
   * Attaches. Where the provider chose what somebody else has just been given, it chooses again:
   * two processes may ask at one moment.
   */
  void attach(ProviderSession session, List<NicRequest> requests) {
    List<NicRequest> left = requests;
    for (int choice = 1; choice == 1 || !left.isEmpty(); choice++) {
      List<AttachOutcome> outcomes = session.attach(left);
      List<NicRequest> again = new ArrayList<>();
      for (int i = 0; i < outcomes.size(); i++) {
        NicRequest request = left.get(i);
        if (outcomes.get(i) instanceof AttachOutcome.Attached attached) {
          Optional<AllocationConflictException> conflict = record(session, request, attached);
          if (conflict.isPresent() && choice < MOST_CHOICES) {
            again.add(request);
          } else {
            conflict.ifPresent(taken -> fail(request, taken));
          }
        } else if (outcomes.get(i) instanceof AttachOutcome.Failed failed) {
          fail(request, failed.failure());
        }
      }
      left = again;
    }
  }

  /** Records what was attached; detaches it, and says why, if somebody else holds a part of it. */
  private Optional<AllocationConflictException> record(
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
      return Optional.of(e);
    }
    MacAddress mac = nic.mac();
    if (mac != null) {
      macs.computeIfAbsent(request.owner(), owner -> new HashMap<>(2)).put(nic.nic(), mac);
    }
    if (attached.changed()) {
      changed++;
    }
    return Optional.empty();
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
