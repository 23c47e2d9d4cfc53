package io.dualstack.impl.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.firewall.FilterRule;
import io.dualstack.firewall.Match;
import io.dualstack.firewall.RuleSet;
import io.dualstack.firewall.Service;
import io.dualstack.firewall.ServiceSet;
import io.dualstack.firewall.Verdict;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import io.dualstack.net.PortRange;
import io.dualstack.net.Protocol;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Rule sets as large as they get. */
class RuleComparisonTest {
  private static final int MANY = 10_000;

  @Test
  void ten_thousand_scattered_rules_in_another_order_are_the_same_rules() {
    List<FilterRule> rules = scattered(new Random(1));
    List<FilterRule> shuffled = new ArrayList<>(rules);
    Collections.shuffle(shuffled, new Random(2));

    assertThat(
            RuleComparison.first(
                new RuleSet(rules, Verdict.REJECT), new RuleSet(shuffled, Verdict.REJECT)))
        .isEmpty();
  }

  @Test
  void one_address_and_port_among_ten_thousand_rules_is_found() {
    List<FilterRule> rules = scattered(new Random(1));
    List<FilterRule> more = new ArrayList<>(rules);
    IpAddress extra = IpAddress.parse("198.51.100.7");
    more.add(
        MANY / 2,
        accept(
            IpRange.single(extra), ServiceSet.ports(Protocol.TCP, List.of(PortRange.single(9)))));

    List<Difference> differences =
        RuleComparison.differences(
            new RuleSet(rules, Verdict.REJECT), new RuleSet(more, Verdict.REJECT), 10);

    assertThat(differences).hasSize(1);
    assertThat(differences.get(0).witness().destination()).isEqualTo(extra);
    assertThat(differences.get(0).witness().service()).isEqualTo(Service.port(Protocol.TCP, 9));
    assertThat(differences.get(0).packets().destinations())
        .isEqualTo(IpSet.of(IpRange.single(extra)));
  }

  @Test
  void ten_thousand_wide_rules_that_all_overlap_are_compared_too() {
    Random random = new Random(3);
    List<FilterRule> rules = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      int first = 1 + random.nextInt(60_000);
      rules.add(
          accept(
              IpRange.of(
                  IpAddress.ipv4(random.nextInt(1 << 20)),
                  IpAddress.ipv4((1L << 31) + random.nextInt(1 << 20))),
              ServiceSet.ports(
                  Protocol.TCP, List.of(PortRange.of(first, first + random.nextInt(10))))));
    }
    List<FilterRule> reversed = new ArrayList<>(rules);
    Collections.reverse(reversed);

    assertThat(
            RuleComparison.first(
                new RuleSet(rules, Verdict.REJECT), new RuleSet(reversed, Verdict.REJECT)))
        .isEmpty();
    assertThat(
            RuleComparison.first(
                new RuleSet(rules, Verdict.REJECT), new RuleSet(reversed, Verdict.DROP)))
        .isPresent();
  }

  /** Blocks of a few addresses in both families, each with a port of its own or a popular one. */
  private static List<FilterRule> scattered(Random random) {
    List<FilterRule> rules = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      IpAddress first =
          random.nextBoolean()
              ? IpAddress.ipv4(random.nextInt(1 << 30))
              : IpAddress.ipv6(0x20010db8_0000_0000L + random.nextInt(1 << 20), random.nextInt());
      int port = random.nextBoolean() ? 443 : 1000 + random.nextInt(50_000);
      rules.add(
          accept(
              IpRange.of(first, first.plus(random.nextInt(256))),
              ServiceSet.ports(Protocol.TCP, List.of(PortRange.single(port)))));
    }
    return rules;
  }

  private static FilterRule accept(IpRange destinations, ServiceSet services) {
    IpFamily family = destinations.family();
    return new FilterRule(
        List.of("a rule"),
        Match.all(family).to(IpSet.of(destinations)).asking(services),
        Verdict.ACCEPT,
        false);
  }
}
