package io.dualstack.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.dualstack.PolicyRefusedException;
import io.dualstack.StoreUnavailableException;
import io.dualstack.firewall.Traffic;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpRange;
import io.dualstack.net.PortRange;
import io.dualstack.net.Protocol;
import io.dualstack.policy.NetworkPolicy;
import io.dualstack.policy.PolicyDestination;
import io.dualstack.policy.PolicyFilter;
import io.dualstack.policy.PolicyGroup;
import io.dualstack.policy.PolicyRefusal;
import io.dualstack.policy.PolicyStore;
import io.dualstack.policy.PolicyTag;
import io.dualstack.policy.SecurityGroupPage;
import io.dualstack.policy.TaggedPolicy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What every {@link PolicyStore} must do. Extend it and say how a store is opened.
 *
 * <p>Several stores are open at a time over one place, as in several processes; each must see what
 * the others had acknowledged.
 */
public abstract class PolicyStoreContract extends BoundSecurityGroupsContract {

  private static final int MANY = 1_000;
  private static final int RACERS = 8;
  private static final PortRange WEB = PortRange.single(8080);

  /** Creates the suite. */
  protected PolicyStoreContract() {}

  @Override
  protected abstract PolicyStore open(int tagLength);

  private static NetworkPolicy policy(String source, String destination) {
    return policy(source, destination, Protocol.TCP, WEB);
  }

  private static NetworkPolicy policy(
      String source, String destination, Protocol protocol, PortRange ports) {
    return new NetworkPolicy(source, new PolicyDestination.App(destination, protocol, ports));
  }

  private static NetworkPolicy egress(String source, Traffic traffic, IpRange... ranges) {
    return new NetworkPolicy(source, new PolicyDestination.Addresses(List.of(ranges), traffic));
  }

  private static void create(PolicyStore store, NetworkPolicy... policies) {
    store.create(List.of(policies), MANY);
  }

  private static List<NetworkPolicy> policies(PolicyStore store, PolicyFilter filter) {
    return store.policies(filter).stream().map(TaggedPolicy::policy).toList();
  }

  private static List<NetworkPolicy> policies(PolicyStore store) {
    return policies(store, PolicyFilter.ALL);
  }

  private static List<String> tags(PolicyStore store) {
    return store.groups().stream().map(group -> group.tag() + " " + group.id()).toList();
  }

  // Policies

  @Test
  void a_new_store_has_nothing() {
    PolicyStore store = store();

    assertThat(policies(store)).isEmpty();
    assertThat(store.groups()).isEmpty();
    assertThat(store.securityGroups(Set.of("space"), 0, 0))
        .isEqualTo(new SecurityGroupPage(List.of(), 0));
  }

  @Test
  void a_policy_comes_back_with_the_tags_of_both_ends() {
    PolicyStore store = store();

    create(store, policy("a", "b"));

    assertThat(store.policies(PolicyFilter.ALL))
        .containsExactly(
            new TaggedPolicy(policy("a", "b"), new PolicyTag(1, 2), new PolicyTag(2, 2)));
    assertThat(tags(store)).containsExactly("0001 a", "0002 b");
  }

  @Test
  void policies_come_back_in_the_order_in_which_they_were_created() {
    PolicyStore store = store();

    create(store, policy("z", "y"));
    create(store, policy("a", "y"), policy("m", "a"));

    assertThat(policies(store))
        .containsExactly(policy("z", "y"), policy("a", "y"), policy("m", "a"));
  }

  @Test
  void a_policy_that_is_there_stays_as_it_is() {
    PolicyStore store = store();
    create(store, policy("a", "b"), policy("c", "b"));

    create(store, policy("a", "b"), policy("a", "b"));

    assertThat(policies(store)).containsExactly(policy("a", "b"), policy("c", "b"));
  }

  @Test
  void protocol_ports_and_ends_tell_policies_apart() {
    NetworkPolicy[] different = {
      policy("a", "b"),
      policy("a", "b", Protocol.UDP, WEB),
      policy("a", "b", Protocol.TCP, PortRange.of(8080, 8081)),
      policy("a", "b", Protocol.TCP, PortRange.of(8079, 8080)),
      policy("a", "a"),
      policy("b", "a")
    };
    PolicyStore store = store();
    create(store, different);

    store.delete(List.of(different[0]));

    assertThat(policies(store))
        .containsExactlyElementsOf(List.of(different).subList(1, different.length));
  }

  @Test
  void deleting_what_is_not_there_is_no_error() {
    PolicyStore store = store();
    create(store, policy("a", "b"));

    store.delete(List.of(policy("a", "c"), policy("b", "a"), policy("a", "b", Protocol.UDP, WEB)));

    assertThat(policies(store)).containsExactly(policy("a", "b"));
  }

  @Test
  void a_filter_by_ends_finds_sources_and_destinations() {
    PolicyStore store = store();
    create(store, policy("a", "b"), policy("b", "c"), policy("c", "d"));

    assertThat(policies(store, PolicyFilter.touching(Set.of("b"))))
        .containsExactly(policy("a", "b"), policy("b", "c"));
    assertThat(policies(store, PolicyFilter.touching(Set.of("a", "d", "x"))))
        .containsExactly(policy("a", "b"), policy("c", "d"));
    assertThat(policies(store, PolicyFilter.touching(Set.of("x")))).isEmpty();
  }

  @Test
  void a_filter_by_source_and_destination_wants_both() {
    PolicyStore store = store();
    create(store, policy("a", "b"), policy("a", "c"), policy("b", "c"));

    assertThat(policies(store, new PolicyFilter(Set.of(), Set.of("a"), Set.of())))
        .containsExactly(policy("a", "b"), policy("a", "c"));
    assertThat(policies(store, new PolicyFilter(Set.of(), Set.of(), Set.of("c"))))
        .containsExactly(policy("a", "c"), policy("b", "c"));
    assertThat(policies(store, new PolicyFilter(Set.of(), Set.of("a"), Set.of("c"))))
        .containsExactly(policy("a", "c"));
  }

  @Test
  void an_application_over_its_quota_refuses_all_and_leaves_nothing() {
    PolicyStore store = store();
    store.create(List.of(policy("a", "b"), policy("b", "c")), 2);

    PolicyRefusal refusal =
        refusal(
            () -> store.create(List.of(policy("x", "y"), policy("a", "c"), policy("a", "d")), 2));

    assertThat(refusal).isEqualTo(new PolicyRefusal.QuotaExceeded("a", 2));
    assertThat(policies(store)).containsExactly(policy("a", "b"), policy("b", "c"));
    assertThat(tags(store)).containsExactly("0001 a", "0002 b", "0003 c");
  }

  @Test
  void what_is_there_already_counts_once_for_the_quota() {
    PolicyStore store = store();
    store.create(List.of(policy("a", "b"), policy("a", "c")), 2);

    store.create(List.of(policy("a", "b"), policy("a", "c")), 2);
    store.create(List.of(policy("a", "b")), 1);

    assertThat(policies(store)).hasSize(2);
  }

  @Test
  void each_call_moves_the_time_of_the_last_change_on() {
    PolicyStore store = store();
    PolicyStore other = store();
    Instant before = store.lastUpdated();

    create(store, policy("a", "b"));
    Instant created = other.lastUpdated();
    other.delete(List.of(policy("a", "b")));
    Instant deleted = store.lastUpdated();

    assertThat(before).isBefore(created);
    assertThat(created).isBefore(deleted);
    assertThat(deleted.getNano() % 1_000).isZero();
  }

  @Test
  void looking_and_what_is_refused_leave_the_time_of_the_last_change_alone() {
    PolicyStore store = store();
    create(store, policy("a", "b"));
    Instant before = store.lastUpdated();

    refusal(() -> store.create(List.of(policy("a", "c")), 1));
    store.tag("router", "router");
    store.replaceSecurityGroups(List.of());

    assertThat(store.lastUpdated()).isEqualTo(before);
  }

  // Addresses

  private static final Traffic DNS = new Traffic.Ports(Protocol.UDP, List.of(PortRange.single(53)));

  @Test
  void addresses_of_both_families_come_back_without_a_tag_of_their_own() {
    NetworkPolicy[] egress = {
      egress("a", DNS, IpRange.parse("2001:db8::-2001:db8::ff"), IpRange.parse("192.0.2.1")),
      egress("a", new Traffic.Icmp(IpFamily.IPV6, -1, -1), IpRange.parse("2001:db8::1")),
      egress("a", new Traffic.Icmp(IpFamily.IPV4, 8, 0), IpRange.parse("192.0.2.0-192.0.2.9")),
      egress("a", new Traffic.Icmp(IpFamily.IPV4, 8, 1), IpRange.parse("192.0.2.0-192.0.2.9"))
    };
    PolicyStore store = store();
    create(store, egress);

    assertThat(policies(store)).containsExactly(egress);
    assertThat(store.policies(PolicyFilter.ALL))
        .allSatisfy(policy -> assertThat(policy.destinationTag()).isEmpty());
    assertThat(tags(store)).containsExactly("0001 a");
  }

  @Test
  void addresses_are_compared_by_value() {
    PolicyStore store = store();
    create(store, egress("a", DNS, IpRange.parse("2001:db8::9"), IpRange.parse("2001:db8::1")));

    NetworkPolicy same =
        egress("a", DNS, IpRange.parse("2001:0DB8::0001"), IpRange.parse("2001:db8::9"));
    create(store, same);
    assertThat(policies(store)).containsExactly(same);

    store.delete(List.of(egress("a", DNS, IpRange.parse("2001:db8::9"))));
    assertThat(policies(store)).containsExactly(same);
    store.delete(List.of(same));
    assertThat(policies(store)).isEmpty();
    assertThat(store.groups()).isEmpty();
  }

  // Tags

  @Test
  void an_application_in_no_policy_gives_its_tag_back_and_the_lowest_is_taken_next() {
    PolicyStore store = store();
    create(store, policy("a", "b"), policy("c", "d"), policy("d", "b"));

    store.delete(List.of(policy("c", "d"), policy("a", "b")));
    assertThat(tags(store)).containsExactly("0002 b", "0004 d");
    create(store, policy("e", "f"), policy("g", "e"));

    assertThat(tags(store)).containsExactly("0001 e", "0002 b", "0003 f", "0004 d", "0005 g");
  }

  @Test
  void an_application_that_is_still_a_destination_keeps_its_tag() {
    PolicyStore store = store();
    create(store, policy("a", "b"), policy("b", "c"));

    store.delete(List.of(policy("b", "c")));

    assertThat(tags(store)).containsExactly("0001 a", "0002 b");
  }

  @Test
  void tags_of_what_is_no_application_stay() {
    PolicyStore store = store();

    PolicyGroup router = store.tag("INGRESS_ROUTER", "router");
    create(store, policy("a", "b"));
    store.delete(List.of(policy("a", "b")));

    assertThat(router).isEqualTo(new PolicyGroup("INGRESS_ROUTER", "router", new PolicyTag(1, 2)));
    assertThat(store.groups()).containsExactly(router);
    assertThat(store.tag("INGRESS_ROUTER", "router")).isEqualTo(router);
  }

  @Test
  void a_tag_asked_for_is_the_one_that_policies_get() {
    PolicyStore store = store();
    create(store, policy("a", "b"));

    assertThat(store.tag("b", PolicyGroup.APP).tag()).isEqualTo(new PolicyTag(2, 2));
    assertThat(store.tag("c", PolicyGroup.APP).tag()).isEqualTo(new PolicyTag(3, 2));
    create(store, policy("c", "d"));

    assertThat(tags(store)).containsExactly("0001 a", "0002 b", "0003 c", "0004 d");
  }

  @Test
  void refuses_a_tag_for_something_of_another_type() {
    PolicyStore store = store();
    store.tag("INGRESS_ROUTER", "router");
    create(store, policy("a", "b"));

    assertThat(refusal(() -> store.tag("INGRESS_ROUTER", "app")))
        .isEqualTo(new PolicyRefusal.OtherType("INGRESS_ROUTER", "app", "router"));
    assertThat(refusal(() -> store.tag("a", "router")))
        .isEqualTo(new PolicyRefusal.OtherType("a", "router", "app"));
    assertThat(refusal(() -> create(store, policy("c", "INGRESS_ROUTER"))))
        .isEqualTo(new PolicyRefusal.OtherType("INGRESS_ROUTER", "app", "router"));
    assertThat(tags(store)).containsExactly("0001 INGRESS_ROUTER", "0002 a", "0003 b");
    assertThatIllegalArgumentException().isThrownBy(() -> store.tag("", "app"));
    assertThatIllegalArgumentException().isThrownBy(() -> store.tag("a", ""));
  }

  @Test
  void a_full_table_refuses_whole_calls_until_a_tag_is_free() {
    PolicyStore store = open(1);
    store.create(
        IntStream.rangeClosed(1, 253).mapToObj(i -> policy("hub", "app" + i)).toList(), MANY);

    assertThat(refusal(() -> create(store, policy("x", "hub"), policy("y", "hub"))))
        .isEqualTo(new PolicyRefusal.NoTagLeft("y", 255));
    assertThat(policies(store)).hasSize(253);
    create(store, policy("last", "hub"));
    assertThat(refusal(() -> store.tag("INGRESS_ROUTER", "router")))
        .isEqualTo(new PolicyRefusal.NoTagLeft("INGRESS_ROUTER", 255));

    store.delete(List.of(policy("hub", "app7")));

    assertThat(store.tag("INGRESS_ROUTER", "router").tag()).hasToString("08");
  }

  @Test
  void racing_callers_share_tags_of_one_application_and_no_tag_of_two() {
    List<List<NetworkPolicy>> created =
        Race.run(
            RACERS,
            racer -> {
              PolicyStore store = store();
              return () -> {
                List<NetworkPolicy> own = new ArrayList<>();
                for (int i = 0; i < 10; i++) {
                  NetworkPolicy policy = policy("shared" + i, "app-" + racer + "-" + i);
                  create(store, policy);
                  own.add(policy);
                }
                return own;
              };
            });

    PolicyStore store = store();
    assertThat(policies(store))
        .containsExactlyInAnyOrderElementsOf(created.stream().flatMap(List::stream).toList());
    assertThat(store.groups()).hasSize(10 + 10 * RACERS);
    assertThat(store.groups()).extracting(PolicyGroup::id).doesNotHaveDuplicates();
    assertThat(store.groups())
        .extracting(group -> group.tag().number())
        .containsExactlyElementsOf(IntStream.rangeClosed(1, 10 + 10 * RACERS).boxed().toList());
  }

  @Test
  void racing_callers_reach_the_quota_exactly() {
    int quota = 20;
    List<Integer> created =
        Race.run(
            RACERS,
            racer -> {
              PolicyStore store = store();
              return () -> {
                int own = 0;
                for (int i = 0; i < quota; i++) {
                  own += isWithin(quota, store, policy("hub", racer + "-" + i)) ? 1 : 0;
                }
                return own;
              };
            });

    PolicyStore store = store();
    assertThat(created.stream().mapToInt(Integer::intValue).sum()).isEqualTo(quota);
    assertThat(policies(store)).hasSize(quota);
    assertThat(store.groups())
        .extracting(group -> group.tag().number())
        .containsExactlyElementsOf(IntStream.rangeClosed(1, quota + 1).boxed().toList());
  }

  private static boolean isWithin(int quota, PolicyStore store, NetworkPolicy policy) {
    try {
      store.create(List.of(policy), quota);
      return true;
    } catch (PolicyRefusedException e) {
      assertThat(e.refusal()).isEqualTo(new PolicyRefusal.QuotaExceeded(policy.source(), quota));
      return false;
    }
  }

  @Test
  void racing_callers_that_create_and_delete_leave_tags_only_where_policies_are() {
    List<List<NetworkPolicy>> left =
        Race.run(
            RACERS,
            racer -> {
              PolicyStore store = store();
              return () -> {
                List<NetworkPolicy> own = new ArrayList<>();
                for (int i = 0; i < 20; i++) {
                  NetworkPolicy policy = policy("from-" + racer + "-" + i, "to-" + i % 3);
                  create(store, policy);
                  if (i % 2 == racer % 2) {
                    store.delete(List.of(policy));
                  } else {
                    own.add(policy);
                  }
                }
                return own;
              };
            });

    PolicyStore store = store();
    Set<String> apps = new HashSet<>();
    policies(store).forEach(policy -> apps.addAll(policy.apps()));
    assertThat(policies(store))
        .containsExactlyInAnyOrderElementsOf(left.stream().flatMap(List::stream).toList());
    assertThat(store.groups())
        .extracting(PolicyGroup::id)
        .containsExactlyInAnyOrderElementsOf(apps);
    assertThat(store.groups()).extracting(PolicyGroup::tag).doesNotHaveDuplicates();
  }

  // Several stores, and none

  @Test
  void each_store_sees_what_the_others_were_told() {
    PolicyStore one = store();
    PolicyStore other = store();

    create(one, policy("a", "b"));
    other.replaceSecurityGroups(List.of(bound("g", "s")));
    PolicyGroup router = other.tag("INGRESS_ROUTER", "router");

    assertThat(policies(other)).containsExactly(policy("a", "b"));
    assertThat(guids(one.securityGroups(Set.of("s"), 0, 0))).containsExactly("g");
    assertThat(one.groups()).contains(router);
    other.delete(List.of(policy("a", "b")));
    assertThat(policies(one)).isEmpty();
  }

  @Test
  void a_closed_store_says_so() {
    PolicyStore store = store();
    store.close();
    store.close();

    assertThatExceptionOfType(StoreUnavailableException.class)
        .isThrownBy(() -> create(store, policy("a", "b")));
    assertThatExceptionOfType(StoreUnavailableException.class)
        .isThrownBy(() -> store.policies(PolicyFilter.ALL));
    assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(store::lastUpdated);
  }
}
