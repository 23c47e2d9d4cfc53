package io.dualstack.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.dualstack.PolicyRefusedException;
import io.dualstack.net.IpAddress;
import io.dualstack.policy.BoundSecurityGroup;
import io.dualstack.policy.GroupRule;
import io.dualstack.policy.PolicyRefusal;
import io.dualstack.policy.PolicyStore;
import io.dualstack.policy.PolicyTag;
import io.dualstack.policy.SecurityGroupPage;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a {@link PolicyStore} must do with bound security groups. */
abstract class BoundSecurityGroupsContract {

  /**
   * Opens a store; all of one test are over one place, which is empty at the start of the test.
   *
   * @param tagLength the bytes of a tag, the same for all of one test
   * @return the store
   */
  protected abstract PolicyStore open(int tagLength);

  final PolicyStore store() {
    return open(PolicyTag.USUAL_LENGTH);
  }

  static PolicyRefusal refusal(Runnable call) {
    try {
      call.run();
    } catch (PolicyRefusedException e) {
      assertThat(e).hasMessageContaining(e.refusal().message());
      return e.refusal();
    }
    throw new AssertionError("was not refused");
  }

  private static GroupRule rule(@Nullable Integer type, @Nullable Integer code) {
    return new GroupRule("icmp", "0.0.0.0/0,2001:db8::/32", "", type, code, "a \"quoted\" é", true);
  }

  private static BoundSecurityGroup group(
      String guid,
      boolean staging,
      boolean running,
      Set<String> forStaging,
      Set<String> forRunning) {
    return new BoundSecurityGroup(
        guid,
        "name of " + guid,
        List.of(rule(8, 0), rule(null, null), rule(0, null)),
        staging,
        running,
        forStaging,
        forRunning);
  }

  static BoundSecurityGroup bound(String guid, String... spaces) {
    return group(guid, false, false, Set.of(), Set.of(spaces));
  }

  static List<String> guids(SecurityGroupPage page) {
    return page.groups().stream().map(BoundSecurityGroup::guid).toList();
  }

  @Test
  void security_groups_come_back_as_they_were_with_null_apart_from_0() {
    PolicyStore store = store();
    BoundSecurityGroup group = group("g", true, false, Set.of("s2", "s1"), Set.of("s3"));

    store.replaceSecurityGroups(List.of(group));

    assertThat(store.securityGroups(Set.of(), 0, 0))
        .isEqualTo(new SecurityGroupPage(List.of(group), 0));
  }

  @Test
  void without_spaces_only_groups_for_all_spaces_are_told() {
    PolicyStore store = store();
    store.replaceSecurityGroups(
        List.of(
            bound("bound", "s"),
            group("staging", true, false, Set.of(), Set.of()),
            bound("free"),
            group("running", false, true, Set.of(), Set.of())));

    assertThat(guids(store.securityGroups(Set.of(), 0, 0))).containsExactly("staging", "running");
  }

  @Test
  void with_spaces_those_bound_to_them_in_either_way_are_told_too_each_once() {
    PolicyStore store = store();
    store.replaceSecurityGroups(
        List.of(
            group("both", false, false, Set.of("s1"), Set.of("s1", "s2")),
            group("staging", false, false, Set.of("s1"), Set.of()),
            group("default", false, true, Set.of(), Set.of("s1")),
            bound("other", "s3", "s", "s11"),
            bound("running", "s2")));

    assertThat(guids(store.securityGroups(Set.of("s1"), 0, 0)))
        .containsExactly("both", "staging", "default");
    assertThat(guids(store.securityGroups(Set.of("s1", "s2"), 0, 0)))
        .containsExactly("both", "staging", "default", "running");
  }

  @Test
  void a_page_says_where_the_next_one_begins_and_0_at_the_end() {
    PolicyStore store = store();
    store.replaceSecurityGroups(
        List.of(bound("a", "s"), bound("x"), bound("b", "s"), bound("y"), bound("c", "s")));

    SecurityGroupPage first = store.securityGroups(Set.of("s"), 0, 2);
    SecurityGroupPage second = store.securityGroups(Set.of("s"), first.next(), 2);

    assertThat(guids(first)).containsExactly("a", "b");
    assertThat(first.next()).isPositive();
    assertThat(guids(second)).containsExactly("c");
    assertThat(second.next()).isZero();
    assertThat(store.securityGroups(Set.of("s"), 0, 3).next()).isZero();
  }

  @Test
  void replacing_changes_known_groups_in_their_place_and_removes_those_left_out() {
    PolicyStore store = store();
    store.replaceSecurityGroups(List.of(bound("a", "s"), bound("b", "s"), bound("c", "s")));
    long second = store.securityGroups(Set.of("s"), 0, 1).next();
    BoundSecurityGroup changed = group("b", true, true, Set.of("t"), Set.of());

    store.replaceSecurityGroups(List.of(bound("d", "s"), bound("c", "s"), changed));

    assertThat(store.securityGroups(Set.of("s"), 0, 0).groups())
        .containsExactly(changed, bound("c", "s"), bound("d", "s"));
    assertThat(guids(store.securityGroups(Set.of("s"), second, 1))).containsExactly("b");
    store.replaceSecurityGroups(List.of());
    assertThat(guids(store.securityGroups(Set.of("s", "t"), 0, 0))).isEmpty();
  }

  @Test
  void a_group_given_twice_is_refused_and_nothing_is_changed() {
    PolicyStore store = store();
    store.replaceSecurityGroups(List.of(bound("a", "s")));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> store.replaceSecurityGroups(List.of(bound("b", "s"), bound("b"))))
        .withMessageContaining("b");

    assertThat(guids(store.securityGroups(Set.of("s"), 0, 0))).containsExactly("a");
  }

  @Test
  void a_rule_of_6000_ranges_of_the_longest_text_is_kept() {
    IpAddress first = IpAddress.parse("ffff:ffff:ffff:ffff:ffff:ffff:1111:1111");
    String destination =
        IntStream.range(0, 6_000)
            .mapToObj(i -> first.plus(16L * i) + "-" + first.plus(16L * i + 1))
            .collect(Collectors.joining(","));
    assertThat(destination.length()).isGreaterThan(6_000 * 79);
    BoundSecurityGroup group =
        new BoundSecurityGroup(
            "g",
            "long",
            List.of(new GroupRule("tcp", destination, "443", null, null, "", false)),
            false,
            true,
            Set.of(),
            Set.of());
    PolicyStore store = store();

    store.replaceSecurityGroups(List.of(group));

    assertThat(store().securityGroups(Set.of(), 0, 0).groups()).containsExactly(group);
  }

  @Test
  void rules_longer_than_a_store_must_hold_are_refused_by_name_and_size() {
    PolicyStore store = store();
    store.replaceSecurityGroups(List.of(bound("a", "s")));
    String tooLong = "é".repeat(BoundSecurityGroup.MOST_RULE_BYTES / 2 + 1);
    BoundSecurityGroup group =
        new BoundSecurityGroup(
            "g",
            "endless",
            List.of(new GroupRule("all", "::/0", "", null, null, tooLong, false)),
            false,
            true,
            Set.of(),
            Set.of());

    PolicyRefusal refusal =
        refusal(() -> store.replaceSecurityGroups(List.of(bound("b", "s"), group)));

    assertThat(refusal)
        .isInstanceOfSatisfying(
            PolicyRefusal.RulesTooLong.class,
            refused -> {
              assertThat(refused.group()).isEqualTo("endless");
              assertThat(refused.bytes()).isGreaterThan(BoundSecurityGroup.MOST_RULE_BYTES);
            });
    assertThat(guids(store.securityGroups(Set.of("s"), 0, 0))).containsExactly("a");
  }
}
