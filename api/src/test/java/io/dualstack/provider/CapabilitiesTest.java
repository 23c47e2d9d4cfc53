package io.dualstack.provider;

import static io.dualstack.allocation.PrefixChooser.DIRECTOR;
import static io.dualstack.allocation.PrefixChooser.PROVIDER;
import static io.dualstack.net.IpFamily.IPV4;
import static io.dualstack.net.IpFamily.IPV6;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.allocation.Owner;
import io.dualstack.allocation.PrefixChooser;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class CapabilitiesTest {
  private static final NicBlock V4 = NicBlock.chosen("v4", IpPrefix.parse("10.0.0.4/32"));
  private static final NicBlock V6 = NicBlock.chosen("v6", IpPrefix.parse("2001:db8::4/128"));

  @Test
  void accepts_a_nic_within_every_limit() {
    Capabilities capabilities = both(true, one(80, DIRECTOR, PROVIDER));

    assertThat(capabilities.refuse(nic(V4, V6, NicBlock.toBeChosen("p6", IPV6, 80)))).isEmpty();
  }

  @Test
  void refuses_a_prefix_length_and_names_those_that_can_be_had() {
    assertThat(both(true, one(80, DIRECTOR)).refuse(nic(prefix(96))))
        .contains("network p6: /96 IPv6 prefixes can't be delegated; use /80");
    assertThat(
            both(true, FamilyCapabilities.lengths(56, 64, 1, 1, Set.of(DIRECTOR)))
                .refusePrefix(IPV6, 80))
        .contains("/80 IPv6 prefixes can't be delegated; use /56 to /64");
    assertThat(
            both(
                    true,
                    new FamilyCapabilities(new TreeSet<>(List.of(56, 64)), 1, 1, Set.of(DIRECTOR)))
                .refusePrefix(IPV6, 60))
        .contains("/60 IPv6 prefixes can't be delegated; use one of [56, 64]");
    assertThat(both(true, FamilyCapabilities.addresses(1)).refusePrefix(IPV6, 80))
        .contains("IPv6 prefixes can't be delegated here; use single addresses");
  }

  @Test
  void refuses_to_have_the_infrastructure_pick_where_it_does_not() {
    Capabilities capabilities = both(true, one(80, DIRECTOR));

    assertThat(capabilities.refuse(nic(NicBlock.toBeChosen("p6", IPV6, 80))))
        .contains(
            "network p6: the infrastructure doesn't pick IPv6 prefixes; have the director pick"
                + " them");
    assertThat(capabilities.refuse(nic(prefix(80)))).isEmpty();
  }

  @Test
  void refuses_to_pick_where_only_the_infrastructure_does() {
    Capabilities capabilities = both(true, one(96, PROVIDER));

    assertThat(capabilities.refuseChooser(IPV6, DIRECTOR))
        .contains("the infrastructure itself picks IPv6 prefixes; ask it for the size only");
    assertThat(capabilities.refuseChooser(IPV6, PROVIDER)).isEmpty();
  }

  @Test
  void accepts_a_chosen_prefix_where_only_the_infrastructure_picks_as_it_may_be_its_own() {
    assertThat(both(true, one(80, PROVIDER)).refuse(nic(prefix(80)))).isEmpty();
  }

  @Test
  void refuses_more_on_one_nic_than_it_can_have() {
    NicBlock second = NicBlock.chosen("v6b", IpPrefix.parse("2001:db8::5/128"));

    assertThat(both(true, one(80, DIRECTOR)).refuse(nic(V6, second)))
        .contains("2 IPv6 addresses on one NIC; use at most 1");
    assertThat(both(true, one(80, DIRECTOR)).refuse(nic(prefix(80), prefix(80))))
        .contains("2 IPv6 prefixes on one NIC; use at most 1");
  }

  @Test
  void refuses_both_families_on_one_nic_where_it_carries_one() {
    assertThat(both(false, one(80, DIRECTOR)).refuse(nic(V4, V6)))
        .contains("one NIC can't carry both families; use a NIC for each");
    assertThat(both(false, one(80, DIRECTOR)).refuse(nic(V6))).isEmpty();
  }

  @Test
  void refuses_a_family_that_is_unsupported() {
    Capabilities capabilities =
        new Capabilities(Map.of(IPV4, FamilyCapabilities.addresses(1)), false);

    assertThat(capabilities.refuse(nic(V6))).contains("network v6: IPv6 is unsupported; use IPv4");
    assertThat(capabilities.refusePrefix(IPV6, 80)).contains("IPv6 is unsupported; use IPv4");
    assertThat(capabilities.refuseChooser(IPV6, DIRECTOR))
        .contains("IPv6 is unsupported; use IPv4");
    assertThat(capabilities.of(IPV6)).isEmpty();
  }

  @Test
  void refuses_single_addresses_where_there_are_only_prefixes() {
    FamilyCapabilities prefixesOnly =
        new FamilyCapabilities(new TreeSet<>(List.of(96)), 0, 1, Set.of(PROVIDER));

    assertThat(both(true, prefixesOnly).refuse(nic(V6)))
        .contains("network v6: single IPv6 addresses can't be attached; use /96");
  }

  @Test
  void refuses_capabilities_whose_parts_contradict_one_another() {
    assertThatThrownBy(() -> new FamilyCapabilities(new TreeSet<>(), 1, 1, Set.of(DIRECTOR)))
        .hasMessageContaining("give all three or none");
    assertThatThrownBy(() -> new FamilyCapabilities(new TreeSet<>(List.of(80)), 1, 1, Set.of()))
        .hasMessageContaining("give all three or none");
    assertThatThrownBy(
            () -> new FamilyCapabilities(new TreeSet<>(List.of(128)), 1, 1, Set.of(DIRECTOR)))
        .hasMessageContaining("leave single addresses out");
    assertThatThrownBy(() -> FamilyCapabilities.addresses(-1))
        .hasMessageContaining("must not be negative");
  }

  private static NicBlock prefix(int length) {
    return NicBlock.chosen("p6", IpPrefix.of(IpPrefix.parse("2001:db8:1::/48").first(), length));
  }

  private static FamilyCapabilities one(int length, PrefixChooser... who) {
    return new FamilyCapabilities(new TreeSet<>(List.of(length)), 1, 1, Set.of(who));
  }

  private static Capabilities both(boolean dualStackNic, FamilyCapabilities ipv6) {
    return new Capabilities(
        Map.<IpFamily, FamilyCapabilities>of(IPV4, one(28, DIRECTOR), IPV6, ipv6), dualStackNic);
  }

  private static NicRequest nic(NicBlock... blocks) {
    return new NicRequest(new Owner("cf/cell/0"), "1", "nic", null, List.of(blocks), Map.of());
  }
}
