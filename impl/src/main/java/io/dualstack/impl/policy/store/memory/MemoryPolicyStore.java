package io.dualstack.impl.policy.store.memory;

import io.dualstack.PolicyRefusedException;
import io.dualstack.StoreUnavailableException;
import io.dualstack.impl.policy.PolicyJson;
import io.dualstack.policy.BoundSecurityGroup;
import io.dualstack.policy.NetworkPolicy;
import io.dualstack.policy.PolicyDestination;
import io.dualstack.policy.PolicyFilter;
import io.dualstack.policy.PolicyGroup;
import io.dualstack.policy.PolicyRefusal;
import io.dualstack.policy.PolicyStore;
import io.dualstack.policy.PolicyTag;
import io.dualstack.policy.SecurityGroupPage;
import io.dualstack.policy.TaggedPolicy;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Keeps everything in memory, for tests and trials. One lock: nothing here takes long. */
public final class MemoryPolicyStore implements PolicyStore {

  /** All that a change may touch, so that a change that is refused is one that was never put. */
  private record State(Set<NetworkPolicy> policies, Map<String, PolicyGroup> groups) {
    State copy() {
      return new State(new LinkedHashSet<>(policies), new HashMap<>(groups));
    }
  }

  private final int tagLength;
  private final Clock clock;
  private State state = new State(new LinkedHashSet<>(), new HashMap<>());
  private final TreeMap<Long, BoundSecurityGroup> securityGroups = new TreeMap<>();
  private long lastId;
  private Instant lastUpdated;
  private boolean closed;

  /**
   * Makes an empty store.
   *
   * @param tagLength the bytes of a tag, 1 to 3
   */
  public MemoryPolicyStore(int tagLength, Clock clock) {
    PolicyTag.capacity(tagLength);
    this.tagLength = tagLength;
    this.clock = clock;
    this.lastUpdated = clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  @Override
  public String location() {
    return MemoryPolicyStoreFactory.LOCATION;
  }

  @Override
  public int tagLength() {
    return tagLength;
  }

  // Policies

  @Override
  public synchronized void create(Collection<NetworkPolicy> policies, int mostPerSource) {
    requireOpen();
    State next = state.copy();
    Set<String> grown = new LinkedHashSet<>();
    for (NetworkPolicy policy : policies) {
      group(next, policy.source(), PolicyGroup.APP);
      if (policy.destination() instanceof PolicyDestination.App app) {
        group(next, app.guid(), PolicyGroup.APP);
      }
      if (next.policies().add(policy)) {
        grown.add(policy.source());
      }
    }
    for (String source : grown) {
      if (next.policies().stream().filter(policy -> policy.source().equals(source)).count()
          > mostPerSource) {
        throw refused(new PolicyRefusal.QuotaExceeded(source, mostPerSource));
      }
    }
    state = next;
    stamp();
  }

  private PolicyGroup group(State next, String id, String type) {
    PolicyGroup known = next.groups().get(id);
    if (known == null) {
      known = new PolicyGroup(id, type, lowestFree(next, id));
      next.groups().put(id, known);
    } else if (!known.type().equals(type)) {
      throw refused(new PolicyRefusal.OtherType(id, type, known.type()));
    }
    return known;
  }

  private PolicyTag lowestFree(State next, String id) {
    Set<Integer> taken = new HashSet<>();
    next.groups().values().forEach(group -> taken.add(group.tag().number()));
    int capacity = PolicyTag.capacity(tagLength);
    for (int number = 1; number <= capacity; number++) {
      if (!taken.contains(number)) {
        return new PolicyTag(number, tagLength);
      }
    }
    throw refused(new PolicyRefusal.NoTagLeft(id, capacity));
  }

  @Override
  public synchronized void delete(Collection<NetworkPolicy> policies) {
    requireOpen();
    Set<String> left = new HashSet<>();
    for (NetworkPolicy policy : policies) {
      if (state.policies().remove(policy)) {
        left.addAll(policy.apps());
      }
    }
    state.policies().forEach(policy -> left.removeAll(policy.apps()));
    state
        .groups()
        .values()
        .removeIf(group -> group.type().equals(PolicyGroup.APP) && left.contains(group.id()));
    stamp();
  }

  private void stamp() {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    lastUpdated = now.isAfter(lastUpdated) ? now : lastUpdated.plus(1, ChronoUnit.MICROS);
  }

  @Override
  public synchronized List<TaggedPolicy> policies(PolicyFilter filter) {
    requireOpen();
    return state.policies().stream().filter(filter::matches).map(this::tagged).toList();
  }

  private TaggedPolicy tagged(NetworkPolicy policy) {
    return new TaggedPolicy(
        policy,
        tagOf(policy.source()),
        policy.destination() instanceof PolicyDestination.App app ? tagOf(app.guid()) : null);
  }

  private PolicyTag tagOf(String id) {
    PolicyGroup group = state.groups().get(id);
    if (group == null) {
      throw new IllegalStateException(id + ": is in a policy and has no tag");
    }
    return group.tag();
  }

  @Override
  public synchronized Instant lastUpdated() {
    requireOpen();
    return lastUpdated;
  }

  // Tags

  @Override
  public synchronized PolicyGroup tag(String id, String type) {
    requireOpen();
    PolicyGroup.requireTaggable(id, type);
    return group(state, id, type);
  }

  @Override
  public synchronized List<PolicyGroup> groups() {
    requireOpen();
    return state.groups().values().stream()
        .sorted((one, other) -> one.tag().compareTo(other.tag()))
        .toList();
  }

  // Security groups

  @Override
  public synchronized void replaceSecurityGroups(List<BoundSecurityGroup> groups) {
    requireOpen();
    Map<String, BoundSecurityGroup> coming = PolicyJson.checked(location(), groups);
    securityGroups.values().removeIf(known -> !coming.containsKey(known.guid()));
    Map<String, Long> ids = new HashMap<>();
    securityGroups.forEach((id, known) -> ids.put(known.guid(), id));
    for (BoundSecurityGroup group : groups) {
      securityGroups.put(ids.computeIfAbsent(group.guid(), guid -> ++lastId), group);
    }
  }

  @Override
  public synchronized SecurityGroupPage securityGroups(Set<String> spaces, long from, int limit) {
    requireOpen();
    List<BoundSecurityGroup> page = new ArrayList<>();
    for (Map.Entry<Long, BoundSecurityGroup> entry : securityGroups.tailMap(from).entrySet()) {
      if (entry.getValue().appliesTo(spaces)) {
        if (limit > 0 && page.size() == limit) {
          return new SecurityGroupPage(page, entry.getKey());
        }
        page.add(entry.getValue());
      }
    }
    return new SecurityGroupPage(page, 0);
  }

  private PolicyRefusedException refused(PolicyRefusal refusal) {
    return new PolicyRefusedException(location(), refusal);
  }

  private void requireOpen() {
    if (closed) {
      throw new StoreUnavailableException(
          location() + ": the store is closed; open another", false, null);
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
  }
}
