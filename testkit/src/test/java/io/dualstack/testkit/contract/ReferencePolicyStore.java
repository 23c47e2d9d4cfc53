package io.dualstack.testkit.contract;

import io.dualstack.PolicyRefusedException;
import io.dualstack.StoreUnavailableException;
import io.dualstack.policy.BoundSecurityGroup;
import io.dualstack.policy.GroupRule;
import io.dualstack.policy.NetworkPolicy;
import io.dualstack.policy.PolicyDestination;
import io.dualstack.policy.PolicyFilter;
import io.dualstack.policy.PolicyGroup;
import io.dualstack.policy.PolicyRefusal;
import io.dualstack.policy.PolicyStore;
import io.dualstack.policy.PolicyTag;
import io.dualstack.policy.SecurityGroupPage;
import io.dualstack.policy.TaggedPolicy;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/** A plain store that holds the contract, or breaks it in one way. */
final class ReferencePolicyStore implements PolicyStore {

  /** What is broken. */
  enum Fault {
    NONE,
    ADDS_KNOWN_POLICIES_AGAIN,
    CHECKS_BEFORE_IT_LOCKS,
    COUNTS_THE_QUOTA_TWICE,
    CUTS_LONG_RULES,
    FORGETS_DESTINATIONS_WHEN_IT_FREES_TAGS,
    FREES_TAGS_OF_ROUTERS,
    IGNORES_THE_QUOTA,
    IGNORES_THE_SIZE_OF_RULES,
    IGNORES_TYPES,
    KEEPS_GROUPS_LEFT_OUT,
    KEEPS_HALF_OF_WHAT_IS_REFUSED,
    LEAVES_THE_TIME_ALONE,
    MOVES_CHANGED_GROUPS_TO_THE_END,
    NEVER_FREES_TAGS,
    NEXT_IS_THE_LAST_OF_THE_PAGE,
    SORTS_POLICIES,
    TAGS_ADDRESSES,
    TAKES_THE_HIGHEST_TAG,
    TELLS_BOUND_GROUPS_TO_ALL,
    TELLS_ONLY_RUNNING_BINDINGS,
    WRITES_0_FOR_NULL
  }

  /** What outlives a store. */
  static final class Place {
    private List<NetworkPolicy> policies = new ArrayList<>();
    private TreeMap<Integer, PolicyGroup> groups = new TreeMap<>();
    private final TreeMap<Long, BoundSecurityGroup> securityGroups = new TreeMap<>();
    private long lastId;
    private Instant lastUpdated = Instant.EPOCH;
  }

  private final Place place;
  private final int tagLength;
  private final Fault fault;
  private boolean closed;

  ReferencePolicyStore(Place place, int tagLength, Fault fault) {
    this.place = place;
    this.tagLength = tagLength;
    this.fault = fault;
  }

  @Override
  public String location() {
    return "reference";
  }

  @Override
  public int tagLength() {
    return tagLength;
  }

  private void requireOpen() {
    if (closed) {
      throw new StoreUnavailableException("closed", false, null);
    }
  }

  private PolicyRefusedException refused(PolicyRefusal refusal) {
    return new PolicyRefusedException(location(), refusal);
  }

  @Override
  public void create(Collection<NetworkPolicy> policies, int mostPerSource) {
    requireOpen();
    if (fault == Fault.CHECKS_BEFORE_IT_LOCKS) {
      for (NetworkPolicy policy : policies) {
        int free;
        synchronized (place) {
          free = free(place.groups);
        }
        Thread.yield();
        synchronized (place) {
          place.groups.put(free, new PolicyGroup(policy.source(), "app", tag(free)));
        }
      }
    }
    synchronized (place) {
      TreeMap<Integer, PolicyGroup> groups = new TreeMap<>(place.groups);
      List<NetworkPolicy> next = new ArrayList<>(place.policies);
      if (fault == Fault.KEEPS_HALF_OF_WHAT_IS_REFUSED) {
        place.groups = groups;
        place.policies = next;
      }
      Set<String> grown = new HashSet<>();
      for (NetworkPolicy policy : policies) {
        group(groups, policy.source(), "app");
        if (policy.destination() instanceof PolicyDestination.App app) {
          group(groups, app.guid(), "app");
        } else if (fault == Fault.TAGS_ADDRESSES) {
          group(groups, policy.destination().toString().substring(0, 9), "app");
        }
        boolean known = next.contains(policy);
        if (!known || fault == Fault.ADDS_KNOWN_POLICIES_AGAIN) {
          next.add(policy);
        }
        if (!known || fault == Fault.COUNTS_THE_QUOTA_TWICE) {
          grown.add(policy.source());
        }
      }
      for (String source : grown) {
        long count = next.stream().filter(policy -> policy.source().equals(source)).count();
        if (count > mostPerSource && fault != Fault.IGNORES_THE_QUOTA) {
          throw refused(new PolicyRefusal.QuotaExceeded(source, mostPerSource));
        }
      }
      if (fault == Fault.SORTS_POLICIES) {
        next.sort((one, other) -> one.source().compareTo(other.source()));
      }
      place.groups = groups;
      place.policies = next;
      stamp();
    }
  }

  private void stamp() {
    if (fault != Fault.LEAVES_THE_TIME_ALONE) {
      place.lastUpdated = place.lastUpdated.plus(1, ChronoUnit.MICROS);
    }
  }

  private PolicyTag tag(int number) {
    return new PolicyTag(number, tagLength);
  }

  private int free(TreeMap<Integer, PolicyGroup> groups) {
    int number = 1;
    while (groups.containsKey(number)) {
      number++;
    }
    return fault == Fault.TAKES_THE_HIGHEST_TAG && !groups.isEmpty()
        ? groups.lastKey() + 1
        : number;
  }

  private PolicyGroup group(TreeMap<Integer, PolicyGroup> groups, String id, String type) {
    for (PolicyGroup known : groups.values()) {
      if (known.id().equals(id)) {
        if (!known.type().equals(type) && fault != Fault.IGNORES_TYPES) {
          throw refused(new PolicyRefusal.OtherType(id, type, known.type()));
        }
        return known;
      }
    }
    int number = free(groups);
    if (number > PolicyTag.capacity(tagLength)) {
      throw refused(new PolicyRefusal.NoTagLeft(id, PolicyTag.capacity(tagLength)));
    }
    PolicyGroup made = new PolicyGroup(id, type, tag(number));
    groups.put(number, made);
    return made;
  }

  @Override
  public void delete(Collection<NetworkPolicy> policies) {
    requireOpen();
    synchronized (place) {
      Set<String> left = new HashSet<>();
      for (NetworkPolicy policy : policies) {
        if (place.policies.remove(policy)) {
          left.addAll(ends(policy));
        }
      }
      for (NetworkPolicy policy : place.policies) {
        left.remove(policy.source());
        if (fault != Fault.FORGETS_DESTINATIONS_WHEN_IT_FREES_TAGS) {
          left.removeAll(ends(policy));
        }
      }
      if (fault != Fault.NEVER_FREES_TAGS) {
        place
            .groups
            .values()
            .removeIf(
                group ->
                    left.contains(group.id())
                        || (fault == Fault.FREES_TAGS_OF_ROUTERS && !group.type().equals("app")));
      }
      stamp();
    }
  }

  private static Set<String> ends(NetworkPolicy policy) {
    Set<String> ends = new HashSet<>(Set.of(policy.source()));
    if (policy.destination() instanceof PolicyDestination.App app) {
      ends.add(app.guid());
    }
    return ends;
  }

  @Override
  public List<TaggedPolicy> policies(PolicyFilter filter) {
    requireOpen();
    synchronized (place) {
      return place.policies.stream()
          .filter(filter::matches)
          .map(
              policy ->
                  new TaggedPolicy(
                      policy,
                      group(place.groups, policy.source(), "app").tag(),
                      policy.destination() instanceof PolicyDestination.App app
                          ? group(place.groups, app.guid(), "app").tag()
                          : null))
          .toList();
    }
  }

  @Override
  public Instant lastUpdated() {
    requireOpen();
    synchronized (place) {
      return place.lastUpdated;
    }
  }

  @Override
  public PolicyGroup tag(String id, String type) {
    PolicyGroup.requireTaggable(id, type);
    synchronized (place) {
      return group(place.groups, id, type);
    }
  }

  @Override
  public List<PolicyGroup> groups() {
    synchronized (place) {
      return List.copyOf(place.groups.values());
    }
  }

  @Override
  public void replaceSecurityGroups(List<BoundSecurityGroup> groups) {
    synchronized (place) {
      Set<String> guids = new HashSet<>();
      for (BoundSecurityGroup group : groups) {
        if (!guids.add(group.guid())) {
          throw new IllegalArgumentException(group.guid() + ": twice");
        }
        long bytes =
            group.rules().stream()
                .mapToLong(rule -> rule.toString().getBytes(StandardCharsets.UTF_8).length)
                .sum();
        if (bytes > BoundSecurityGroup.MOST_RULE_BYTES
            && fault != Fault.IGNORES_THE_SIZE_OF_RULES) {
          throw refused(new PolicyRefusal.RulesTooLong(group.name(), bytes));
        }
      }
      if (fault != Fault.KEEPS_GROUPS_LEFT_OUT) {
        place.securityGroups.values().removeIf(known -> !guids.contains(known.guid()));
      }
      for (BoundSecurityGroup group : groups) {
        if (fault == Fault.MOVES_CHANGED_GROUPS_TO_THE_END) {
          place.securityGroups.values().removeIf(known -> known.guid().equals(group.guid()));
        }
        long id =
            place.securityGroups.entrySet().stream()
                .filter(known -> known.getValue().guid().equals(group.guid()))
                .mapToLong(known -> known.getKey())
                .findFirst()
                .orElseGet(() -> ++place.lastId);
        place.securityGroups.put(id, kept(group));
      }
    }
  }

  private BoundSecurityGroup kept(BoundSecurityGroup group) {
    return new BoundSecurityGroup(
        group.guid(),
        group.name(),
        group.rules().stream().map(this::kept).toList(),
        group.stagingDefault(),
        group.runningDefault(),
        group.stagingSpaces(),
        group.runningSpaces());
  }

  private GroupRule kept(GroupRule rule) {
    Integer type = rule.type();
    String destination = rule.destination();
    return new GroupRule(
        rule.protocol(),
        fault == Fault.CUTS_LONG_RULES && destination.length() > 65_535
            ? destination.substring(0, 65_535)
            : destination,
        rule.ports(),
        type == null && fault == Fault.WRITES_0_FOR_NULL ? (Integer) 0 : type,
        rule.code(),
        rule.description(),
        rule.log());
  }

  @Override
  public SecurityGroupPage securityGroups(Set<String> spaces, long from, int limit) {
    synchronized (place) {
      List<BoundSecurityGroup> page = new ArrayList<>();
      long last = 0;
      for (var entry : place.securityGroups.tailMap(from).entrySet()) {
        if (!applies(entry.getValue(), spaces)) {
          continue;
        }
        if (limit > 0 && page.size() == limit) {
          return new SecurityGroupPage(
              page, fault == Fault.NEXT_IS_THE_LAST_OF_THE_PAGE ? last : entry.getKey());
        }
        page.add(entry.getValue());
        last = entry.getKey();
      }
      return new SecurityGroupPage(page, 0);
    }
  }

  private boolean applies(BoundSecurityGroup group, Set<String> spaces) {
    if (fault == Fault.TELLS_BOUND_GROUPS_TO_ALL && !group.runningSpaces().isEmpty()) {
      return true;
    }
    return fault == Fault.TELLS_ONLY_RUNNING_BINDINGS
        ? group.stagingDefault()
            || group.runningDefault()
            || group.runningSpaces().stream().anyMatch(spaces::contains)
        : group.appliesTo(spaces);
  }

  @Override
  public void close() {
    closed = true;
  }
}
