package io.dualstack.impl.policy.agent;

import static io.dualstack.impl.policy.agent.AgentWorld.app;
import static io.dualstack.impl.policy.agent.AgentWorld.container;
import static io.dualstack.impl.policy.agent.AgentWorld.group;
import static io.dualstack.impl.policy.agent.AgentWorld.rule;
import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.firewall.BoundSecurityGroup;
import io.dualstack.firewall.SecurityGroup;
import io.dualstack.firewall.SecurityGroupRule;
import io.dualstack.firewall.ServiceSet;
import io.dualstack.firewall.Traffic;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpRange;
import io.dualstack.net.PortRange;
import io.dualstack.net.Protocol;
import io.dualstack.policy.GroupRule;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ToldGroupsTest {
  private static List<SecurityGroupRule> read(GroupRule... rules) {
    return ToldGroups.read(List.of(group("g", false, rules))).get(0).group().rules();
  }

  private static List<String> destinations(String text) {
    return read(rule("all", text, "")).stream()
        .flatMap(rule -> rule.destinations().ranges().stream())
        .map(IpRange::toString)
        .toList();
  }

  @Test
  void destinations_are_a_list_with_blanks_around_its_items() {
    assertThat(destinations("1.1.1.1, 192.168.0.0/24, 10.0.0.1-10.0.1.10"))
        .containsExactly("1.1.1.1", "10.0.0.1-10.0.1.10", "192.168.0.0-192.168.0.255");
  }

  @Test
  void each_family_gets_its_half_of_a_list() {
    SecurityGroupRule rule = read(rule("all", "1.1.1.1,AAAA:0:0:0:0:0:0:AAAA", "")).get(0);

    assertThat(rule.destinations().only(IpFamily.IPV4).ranges())
        .containsExactly(IpRange.parse("1.1.1.1"));
    assertThat(rule.destinations().only(IpFamily.IPV6).ranges())
        .containsExactly(IpRange.parse("aaaa::aaaa"));
  }

  @ParameterizedTest
  @CsvSource({
    "2001::/16, 2001::-2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    "2001:0db8:1::ab9:1.2.3.4, 2001:db8:1::ab9:102:304",
    "10.1.2.3/8, 10.0.0.0-10.255.255.255",
    "::ffff:192.0.2.1, 192.0.2.1",
  })
  void addresses_are_read_as_the_original_reads_them(String text, String read) {
    assertThat(destinations(text)).containsExactly(read);
  }

  @ParameterizedTest
  @CsvSource({
    "tcp, 10.0.0.1-123, 80",
    "tcp, '10.0.0.1,nonsense', 80",
    "tcp, 10.0.0.9-10.0.0.1, 80",
    "tcp, '10.0.0.1,', 80",
    "tcp, 10.0.0.1, ''",
    "tcp, 10.0.0.1, http",
    "all, 10.0.0.1, 80",
    "icmp, 10.0.0.1, 80",
    "icmp, 2001:db8::1, ''",
    "icmpv6, 10.0.0.1, ''",
    "sctp, 10.0.0.1, 80",
  })
  void a_rule_that_makes_no_sense_is_left_out_alone(
      String protocol, String destination, String ports) {
    assertThat(read(rule(protocol, destination, ports), rule("udp", "192.0.2.1", "53")))
        .extracting(SecurityGroupRule::traffic)
        .containsExactly(new Traffic.Ports(Protocol.UDP, List.of(PortRange.single(53))));
  }

  @Test
  void what_is_no_port_is_passed_over() {
    assertThat(read(rule("tcp", "10.0.0.1", "80, 443,x,0,1000-2000")).get(0).traffic().services())
        .isEqualTo(
            ServiceSet.ports(
                Protocol.TCP,
                List.of(PortRange.single(80), PortRange.single(443), PortRange.of(1000, 2000))));
  }

  @Test
  void any_type_is_minus_one_and_none_is_zero() {
    GroupRule any = new GroupRule("icmpv6", "::/0", "", -1, -1, "", false);
    GroupRule none = new GroupRule("icmp", "0.0.0.0/0", "", null, null, "", false);

    assertThat(read(any, none))
        .extracting(rule -> rule.traffic().services())
        .containsExactly(ServiceSet.of(Protocol.ICMPV6), ServiceSet.icmp(Protocol.ICMP, 0, 0));
  }

  @Test
  void a_default_counts_once_though_the_space_is_bound_to_it_too() {
    List<BoundSecurityGroup> groups =
        ToldGroups.read(
            List.of(
                group("default", true, rule("all", "192.0.2.1", "")),
                group("bound", false, rule("all", "192.0.2.1", ""))));

    assertThat(GroupPlan.of(List.of(app("one", "10.255.1.2", "a")), groups).get("one").groups())
        .extracting(SecurityGroup::name)
        .containsExactly("default", "bound");
  }

  @Test
  void containers_that_nobody_knows_get_nothing_from_the_agent() {
    assertThat(
            GroupPlan.of(
                List.of(
                    container("one", "10.255.1.2", "{\"policy_group_id\": \"a\"}"),
                    container("two", "10.255.1.3", "{\"space_id\": \"space\"}"),
                    container(
                        "three",
                        "10.255.1.4",
                        "{\"policy_group_id\": \"a\", \"space_id\": \"space\"}")),
                ToldGroups.read(List.of(group("g", true)))))
        .hasEntrySatisfying("three", plan -> assertThat(plan.groups()).isEmpty())
        .containsOnlyKeys(Set.of("three"));
  }
}
