package io.dualstack.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.dualstack.net.InterfaceAddress;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpEndpoint;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import io.dualstack.net.MacAddress;
import io.dualstack.net.PortRange;
import io.dualstack.net.Protocol;
import io.dualstack.testkit.arbitrary.ScopeConfigurator;
import io.dualstack.testkit.constraint.Family;
import io.dualstack.testkit.constraint.Inside;
import io.dualstack.testkit.constraint.Length;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.WithNull;
import net.jqwik.api.providers.TypeUsage;

/** Written as a user writes properties: nothing is registered, values come by their type. */
class ConstraintProperties {
  @Property(tries = 20)
  void every_value_of_the_network_is_generated_by_its_type(
      @ForAll IpAddress address,
      @ForAll IpPrefix prefix,
      @ForAll IpRange range,
      @ForAll IpSet set,
      @ForAll InterfaceAddress interfaceAddress,
      @ForAll IpEndpoint endpoint,
      @ForAll PortRange ports,
      @ForAll Protocol protocol,
      @ForAll MacAddress mac,
      @ForAll IpFamily family) {
    assertThat(
            List.of(
                address,
                prefix,
                range,
                set,
                interfaceAddress,
                endpoint,
                ports,
                protocol,
                mac,
                family))
        .doesNotContainNull();
  }

  @Property
  void a_family_is_kept(
      @ForAll @Family(IpFamily.IPV6) IpAddress address,
      @ForAll @Family(IpFamily.IPV4) IpPrefix prefix,
      @ForAll @Family(IpFamily.IPV4) IpRange range,
      @ForAll @Family(IpFamily.IPV6) IpSet set,
      @ForAll @Family(IpFamily.IPV6) InterfaceAddress interfaceAddress,
      @ForAll @Family(IpFamily.IPV4) IpEndpoint endpoint) {
    assertThat(address.family()).isEqualTo(IpFamily.IPV6);
    assertThat(prefix.family()).isEqualTo(IpFamily.IPV4);
    assertThat(range.family()).isEqualTo(IpFamily.IPV4);
    assertThat(set.only(IpFamily.IPV4)).isEqualTo(IpSet.EMPTY);
    assertThat(interfaceAddress.family()).isEqualTo(IpFamily.IPV6);
    assertThat(endpoint.address().family()).isEqualTo(IpFamily.IPV4);
  }

  @Property
  void a_block_is_kept(
      @ForAll @Inside("2001:db8::/48") IpAddress address,
      @ForAll @Inside("2001:db8::/48") IpPrefix prefix,
      @ForAll @Inside("10.0.0.0/30") IpRange range,
      @ForAll @Inside("10.0.0.0/30") IpSet set,
      @ForAll @Inside("2001:db8::/127") InterfaceAddress interfaceAddress,
      @ForAll @Inside("10.0.0.1/32") IpEndpoint endpoint) {
    IpPrefix six = IpPrefix.parse("2001:db8::/48");
    IpPrefix four = IpPrefix.parse("10.0.0.0/30");

    assertThat(six.contains(address)).isTrue();
    assertThat(six.contains(prefix)).isTrue();
    assertThat(four.toRange().contains(range)).isTrue();
    assertThat(set.subtract(IpSet.of(four.toRange()))).isEqualTo(IpSet.EMPTY);
    assertThat(IpPrefix.parse("2001:db8::/127").contains(interfaceAddress.address())).isTrue();
    assertThat(endpoint.address()).hasToString("10.0.0.1");
  }

  @Property
  void lengths_are_kept_together_with_a_block(
      @ForAll @Inside("2001:db8::/32") @Length(min = 48, max = 64) IpPrefix prefix,
      @ForAll @Length(min = 8, max = 48) IpPrefix either) {
    assertThat(prefix.length()).isBetween(48, 64);
    assertThat(IpPrefix.parse("2001:db8::/32").contains(prefix)).isTrue();
    assertThat(either.length()).isBetween(8, 48);
  }

  @Property
  void elements_of_collections_are_narrowed(
      @ForAll List<@Length(min = 64, max = 128) Integer> lengths,
      @ForAll List<@Family(IpFamily.IPV6) @Length(min = 80, max = 80) IpPrefix> prefixes,
      @ForAll @Length(max = 32) int length) {
    assertThat(lengths).allMatch(each -> each >= 64 && each <= 128);
    assertThat(prefixes).allMatch(each -> each.length() == 80);
    assertThat(length).isBetween(0, 32);
  }

  @Property
  void a_narrowed_value_may_be_null_where_that_is_asked_for(
      @ForAll @Family(IpFamily.IPV6) @WithNull IpPrefix prefix) {
    assertThat(prefix == null || prefix.family() == IpFamily.IPV6).isTrue();
  }

  @Example
  void a_constraint_that_says_nothing_about_a_type_is_refused() throws Exception {
    Length length =
        ConstraintProperties.class
            .getDeclaredMethod(
                "lengths_are_kept_together_with_a_block", IpPrefix.class, IpPrefix.class)
            .getParameters()[1]
            .getAnnotation(Length.class);
    TypeUsage misplaced = TypeUsage.of(List.class).withAnnotation(length);

    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new ScopeConfigurator().configure(Arbitraries.strings().list(), misplaced))
        .withMessageStartingWith("@Length: says nothing about ");
  }
}
