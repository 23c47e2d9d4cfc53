package io.dualstack.impl.provider.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.InvalidConfigurationException;
import io.dualstack.ProviderException;
import io.dualstack.ProviderException.Reason;
import io.dualstack.StoreUnavailableException;
import io.dualstack.allocation.NetworkDefinition;
import io.dualstack.allocation.NetworkDefinition.Dynamic;
import io.dualstack.allocation.NetworkDefinition.DynamicSubnet;
import io.dualstack.allocation.NetworkDefinition.Manual;
import io.dualstack.allocation.NetworkDefinition.Vip;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.allocation.Owner;
import io.dualstack.allocation.OwnerScope;
import io.dualstack.allocation.Subnet;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import io.dualstack.net.MacAddress;
import io.dualstack.provider.AttachOutcome;
import io.dualstack.provider.AttachOutcome.Attached;
import io.dualstack.provider.AttachOutcome.Failed;
import io.dualstack.provider.AttachedNic;
import io.dualstack.provider.NicBlock;
import io.dualstack.provider.NicRequest;
import io.dualstack.provider.ProviderPool;
import io.dualstack.provider.ProviderSession;
import io.dualstack.testkit.provider.InMemoryProviderContext;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LocalProviderTest {
  private static final String V4 = "v4";
  private static final String PODS = "pods";

  private final InMemoryProviderContext context =
      new InMemoryProviderContext()
          .define(
              NetworkSet.of(
                  manual(
                      V4, Subnet.of(prefix("10.0.0.0/16")).gateway(prefix("10.0.0.1/32").first())),
                  manual(PODS, Subnet.of(prefix("2001:db8::/64")).prefixLength(80))));
  private final LocalProvider provider = new LocalProvider();
  private final ProviderSession session = provider.open(context);

  // Opening

  @Test
  void every_setting_is_refused_by_its_name() {
    InMemoryProviderContext configured =
        new InMemoryProviderContext().configure("region", "here").configure("zone", "there");

    assertThatThrownBy(() -> provider.open(configured))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessage(
            """
            error: providers.local.region: region: the provider "local" has no settings; leave it out [UnknownProviderSetting]
            error: providers.local.zone: zone: the provider "local" has no settings; leave it out [UnknownProviderSetting]""");
  }

  // Picking

  @Test
  void picks_the_lowest_free_block_as_the_rfc_counts() {
    assertThat(picked(attach(open("cf/cell/0")))).isEqualTo(prefix("2001:db8:0:0:1::/80"));
    assertThat(picked(attach(open("cf/cell/1")))).isEqualTo(prefix("2001:db8:0:0:2::/80"));
  }

  @Test
  void picks_around_what_is_named_reserved_and_static() {
    define(
        manual(
            PODS,
            Subnet.of(prefix("2001:db8::/64"))
                .prefixLength(80)
                .reserved(IpSet.of(IpRange.parse("2001:db8:0:0:1::5-2001:db8:0:0:2::")))
                .statics(IpSet.of(IpRange.of(prefix("2001:db8:0:0:3::/80"))))));
    attach(nic("cf/other/0", NicBlock.chosen(PODS, prefix("2001:db8:0:0:4::/80"))));

    assertThat(picked(attach(open("cf/cell/0")))).isEqualTo(prefix("2001:db8:0:0:5::/80"));
  }

  @Test
  void picks_a_detached_block_again() {
    AttachedNic first = attach(open("cf/cell/0")).nic();
    attach(open("cf/cell/1"));

    session.detach(List.of(first));

    assertThat(picked(attach(open("cf/cell/2"))))
        .isEqualTo(first.blocks().get(0).chosenBlock().orElseThrow());
  }

  @Test
  void picks_from_the_subnets_of_the_zone_in_their_order() {
    define(
        new Manual(
            PODS,
            List.of(
                Subnet.of(prefix("2001:db8:1::/64")).prefixLength(80).zones(List.of("z1")).build(),
                Subnet.of(prefix("2001:db8:2::/79")).prefixLength(80).zones(List.of("z2")).build(),
                Subnet.of(prefix("2001:db8:3::/64"))
                    .prefixLength(80)
                    .zones(List.of("z2"))
                    .build())));

    NicRequest inSecondZone =
        new NicRequest(new Owner("cf/cell/0"), "", "0", "z2", List.of(openPods()), Map.of());

    assertThat(picked(attach(inSecondZone))).isEqualTo(prefix("2001:db8:3:0:1::/80"));
  }

  @Test
  void picks_two_of_one_network_for_one_nic_apart_from_one_another_and_keeps_both() {
    NicRequest request = nic("cf/cell/0", openPods(), openPods());

    Attached first = attach(request);

    assertThat(first.nic().blocks())
        .containsExactly(
            NicBlock.chosen(PODS, prefix("2001:db8:0:0:1::/80")),
            NicBlock.chosen(PODS, prefix("2001:db8:0:0:2::/80")));
    assertThat(attach(request)).isEqualTo(new Attached(first.nic(), false));
  }

  @Test
  void a_pick_never_takes_what_the_same_nic_asks_for_by_name() {
    Attached nic =
        attach(nic("cf/cell/0", openPods(), NicBlock.chosen(PODS, prefix("2001:db8:0:0:1::/80"))));

    assertThat(nic.nic().blocks())
        .containsExactly(
            NicBlock.chosen(PODS, prefix("2001:db8:0:0:2::/80")),
            NicBlock.chosen(PODS, prefix("2001:db8:0:0:1::/80")));
  }

  @Test
  void picks_mixed_lengths_without_overlap() {
    define(manual(PODS, Subnet.of(prefix("2001:db8::/64")).prefixLength(80)));

    IpPrefix small = picked(attach(nic("a", NicBlock.toBeChosen(PODS, IpFamily.IPV6, 96))));
    IpPrefix large = picked(attach(nic("b", NicBlock.toBeChosen(PODS, IpFamily.IPV6, 80))));
    IpPrefix smallAgain = picked(attach(nic("c", NicBlock.toBeChosen(PODS, IpFamily.IPV6, 96))));

    assertThat(small).isEqualTo(prefix("2001:db8::1:0:0/96"));
    assertThat(large).isEqualTo(prefix("2001:db8:0:0:1::/80"));
    assertThat(smallAgain).isEqualTo(prefix("2001:db8::2:0:0/96"));
  }

  @Test
  void picks_single_addresses_too() {
    assertThat(picked(attach(nic("a", NicBlock.toBeChosen(V4, IpFamily.IPV4, 32)))))
        .isEqualTo(prefix("10.0.0.2/32"));
  }

  @Test
  void a_full_network_is_said_to_be_full() {
    define(manual(PODS, Subnet.of(prefix("2001:db8::/78")).prefixLength(80)));
    attach(open("cf/cell/0"));
    attach(open("cf/cell/1"));

    ProviderException failure = fail(open("cf/cell/2"));

    assertThat(failure.reason()).isEqualTo(Reason.EXHAUSTED);
    assertThat(failure)
        .hasMessage(
            "local: cf/cell/2: NIC 0: network pods: no /80 is left in its subnets; enlarge it or"
                + " detach what is unused");
  }

  @Test
  void what_a_nic_gives_up_can_be_picked_by_a_later_one_of_the_same_call() {
    define(
        manual(PODS, Subnet.of(prefix("2001:db8::/78")).prefixLength(80)),
        manual(V4, Subnet.of(prefix("10.0.0.0/24"))));
    attach(open("cf/cell/0"));
    attach(open("cf/cell/1"));

    List<AttachOutcome> outcomes =
        session.attach(
            List.of(
                open("cf/cell/1"),
                nic("cf/cell/0", NicBlock.chosen(V4, prefix("10.0.0.9/32"))),
                open("cf/cell/2")));

    assertThat(outcomes).hasSize(3).allSatisfy(one -> assertThat(one).isInstanceOf(Attached.class));
    assertThat(picked((Attached) outcomes.get(2))).isEqualTo(prefix("2001:db8:0:0:1::/80"));
  }

  @Test
  void a_block_outside_a_network_that_was_redefined_is_picked_anew() {
    attach(open("cf/cell/0"));
    define(manual(PODS, Subnet.of(prefix("2001:db8:7::/64")).prefixLength(80)));

    Attached moved = attach(open("cf/cell/0"));

    assertThat(moved.changed()).isTrue();
    assertThat(picked(moved)).isEqualTo(prefix("2001:db8:7:0:1::/80"));
  }

  // Refusing

  @Test
  void a_conflict_names_the_holder_down_to_its_life_and_nic() {
    attach(nic("cf/cell/0", NicBlock.chosen(PODS, prefix("2001:db8:0:0:1::/80"))));

    ProviderException failure =
        fail(nic("cf/cell/1", NicBlock.chosen(PODS, prefix("2001:db8:0:0:1::/96"))));

    assertThat(failure.reason()).isEqualTo(Reason.CONFLICT);
    assertThat(failure)
        .hasMessage(
            "local: cf/cell/1: NIC 0: network pods: 2001:db8:0:0:1::/96: is attached, whole or in"
                + " part, to NIC 0 of cf/cell/0, life \"1\"; detach it there or use another block");
  }

  @Test
  void a_larger_block_around_that_of_another_machine_is_refused() {
    attach(nic("cf/cell/0", NicBlock.chosen(PODS, prefix("2001:db8:0:0:1:2::/96"))));

    assertThat(fail(nic("cf/cell/1", NicBlock.chosen(PODS, prefix("2001:db8:0:0:1::/80")))))
        .extracting(ProviderException::reason)
        .isEqualTo(Reason.CONFLICT);
  }

  @Test
  void a_block_outside_every_subnet_of_its_network_is_refused() {
    ProviderException failure = fail(nic("cf/cell/0", NicBlock.chosen(V4, prefix("10.1.0.5/32"))));

    assertThat(failure.reason()).isEqualTo(Reason.REFUSED);
    assertThat(failure).hasMessageContaining("v4: 10.1.0.5/32: is outside every subnet");
  }

  @Test
  void a_block_of_an_undefined_network_is_refused() {
    assertThat(fail(nic("cf/cell/0", NicBlock.chosen("nowhere", prefix("10.0.0.5/32")))))
        .extracting(ProviderException::reason)
        .isEqualTo(Reason.REFUSED);
  }

  @Test
  void two_blocks_of_one_nic_that_overlap_are_refused() {
    ProviderException failure =
        fail(
            nic(
                "cf/cell/0",
                NicBlock.chosen(PODS, prefix("2001:db8:0:0:1::/80")),
                NicBlock.chosen(PODS, prefix("2001:db8:0:0:1:5::/96"))));

    assertThat(failure.reason()).isEqualTo(Reason.REFUSED);
    assertThat(failure).hasMessageContaining("overlaps 2001:db8:0:0:1::/80 of the same NIC");
  }

  @Test
  void a_floating_address_is_recorded_and_an_open_one_refused() {
    define(new Vip("vip", List.of(), Map.of()));

    attach(nic("cf/router/0", NicBlock.chosen("vip", prefix("203.0.113.7/32"))));

    assertThat(fail(nic("cf/router/1", NicBlock.toBeChosen("vip", IpFamily.IPV4, 32))))
        .extracting(ProviderException::reason)
        .isEqualTo(Reason.NOT_SUPPORTED);
  }

  // Recording

  @Test
  void a_call_is_one_durable_update_however_many_nics_it_has() {
    session.attach(machines(500, LocalProviderTest::named));

    assertThat(context.journal().updates()).isEqualTo(1);
    assertThat(context.journal().list("")).hasSize(500);

    session.attach(machines(500, LocalProviderTest::named));

    assertThat(context.journal().updates()).isEqualTo(1);

    session.detach(session.attached(OwnerScope.ALL));

    assertThat(context.journal().updates()).isEqualTo(2);
    assertThat(context.journal().list("")).isEmpty();
  }

  @Test
  void a_record_is_json_that_a_person_can_read() {
    MacAddress mac = attach(nic("cf/cell/0", named(0).toArray(NicBlock[]::new))).nic().mac();

    assertThat(context.journal().read("nic/cf/cell/0/0"))
        .contains(
            "{\"owner\":\"cf/cell/0\",\"incarnation\":\"1\",\"nic\":\"0\",\"mac\":\"%s\",\"blocks\":[{\"network\":\"v4\",\"block\":\"10.0.0.16/32\"},{\"network\":\"pods\",\"block\":\"2001:db8:0:0:10::/80\"}]}"
                .formatted(mac));
  }

  @Test
  void a_record_that_can_not_be_understood_is_named() {
    context.journal().update(Map.of("nic/cf/cell/0/0", "{\"owner\":1}"), Set.of());

    assertThatThrownBy(() -> session.attached(OwnerScope.ALL))
        .isInstanceOf(ProviderException.class)
        .hasMessageContaining("nic/cf/cell/0/0");
  }

  @Test
  void owners_and_nics_with_slashes_are_not_mixed_up() {
    attach(new NicRequest(new Owner("a/b"), "1", "c", null, List.of(named(0).get(0)), Map.of()));
    attach(new NicRequest(new Owner("a"), "1", "b/c", null, List.of(named(1).get(0)), Map.of()));
    attach(new NicRequest(new Owner("a"), "1", "b%2Fc", null, List.of(named(2).get(0)), Map.of()));

    assertThat(session.attached(OwnerScope.ALL))
        .extracting(AttachedNic::nic)
        .containsExactly("b%2Fc", "b/c", "c");
    assertThat(session.attached(OwnerScope.ALL))
        .extracting(AttachedNic::id)
        .doesNotHaveDuplicates();
  }

  @Test
  void a_failed_update_leaves_no_trace_in_the_session() {
    context.journal().failNextUpdate();

    assertThatThrownBy(() -> attach(open("cf/cell/0")))
        .isInstanceOf(StoreUnavailableException.class);

    assertThat(session.attached(OwnerScope.ALL)).isEmpty();
    assertThat(picked(attach(open("cf/cell/1")))).isEqualTo(prefix("2001:db8:0:0:1::/80"));
  }

  @Test
  void sessions_of_one_provider_see_one_another() {
    try (ProviderSession other = provider.open(context)) {
      attach(open("cf/cell/0"));

      assertThat(other.attached(OwnerScope.ALL)).hasSize(1);
      assertThat(picked((Attached) other.attach(List.of(open("cf/cell/1"))).get(0)))
          .isEqualTo(prefix("2001:db8:0:0:2::/80"));
    }
  }

  // Hardware addresses

  @Test
  void hardware_addresses_are_local_unicast_distinct_and_the_same_after_a_detach() {
    session.attach(machines(1000, LocalProviderTest::named));
    List<AttachedNic> nics = session.attached(OwnerScope.ALL);

    assertThat(nics)
        .hasSize(1000)
        .extracting(AttachedNic::mac)
        .doesNotHaveDuplicates()
        .allSatisfy(
            mac -> {
              assertThat(mac.isLocal()).isTrue();
              assertThat(mac.isMulticast()).isFalse();
            });
    session.detach(nics);
    session.attach(machines(1000, LocalProviderTest::named));
    assertThat(session.attached(OwnerScope.ALL)).isEqualTo(nics);
  }

  @Test
  void a_hardware_address_that_another_nic_has_is_not_given_twice() {
    MacAddress first = attach(open("cf/cell/0")).nic().mac();
    session.detach(session.attached(OwnerScope.ALL));
    Attached other = attach(open("cf/cell/1"));
    AttachedNic thief =
        new AttachedNic(
            "x",
            other.nic().owner(),
            other.nic().incarnation(),
            other.nic().nic(),
            first,
            other.nic().blocks());
    context
        .journal()
        .update(Map.of("nic/cf/cell/1/0", new AttachmentDocuments().write(thief)), Set.of());

    MacAddress second = attach(open("cf/cell/0")).nic().mac();

    assertThat(second).isNotEqualTo(first);
    assertThat(second.isLocal()).isTrue();
  }

  // Pools

  @Test
  void every_subnet_is_a_pool_with_what_is_attached_in_it() {
    define(
        new Manual(
            V4,
            List.of(
                Subnet.of(prefix("10.0.0.0/24")).zones(List.of("z1")).build(),
                Subnet.of(prefix("10.0.1.0/24")).zones(List.of("z2", "z3")).build())),
        manual(PODS, Subnet.of(prefix("2001:db8::/64")).prefixLength(80)));
    attach(
        nic(
            "cf/cell/0",
            NicBlock.chosen(V4, prefix("10.0.1.7/32")),
            NicBlock.chosen(PODS, prefix("2001:db8:0:0:5::/80"))));

    assertThat(session.pools())
        .containsExactly(
            new ProviderPool(
                "pods/0",
                "",
                List.of(prefix("2001:db8::/64")),
                IpSet.ofPrefixes(List.of(prefix("2001:db8:0:0:5::/80")))),
            new ProviderPool("v4/0", "z1", List.of(prefix("10.0.0.0/24")), IpSet.empty()),
            new ProviderPool(
                "v4/1",
                "z2,z3",
                List.of(prefix("10.0.1.0/24")),
                IpSet.ofPrefixes(List.of(prefix("10.0.1.7/32")))));
  }

  // Checking

  @Test
  void a_pool_without_room_is_found_and_one_with_static_room_is_not() {
    assertThat(verify(manual("full", Subnet.of(prefix("2001:db8::/79")).prefixLength(80))))
        .containsExactly(
            "error: networks.full.subnets[0].range: 2001:db8::/79: has no /80 to hand out beside"
                + " its first and last address, gateway and reserved ones; use a larger range or"
                + " smaller blocks, or reserve less [PoolTooSmall]");
    assertThat(
            verify(
                manual(
                    "static",
                    Subnet.of(prefix("10.0.0.0/24"))
                        .statics(IpSet.of(IpRange.parse("10.0.0.1-10.0.0.254"))))))
        .isEmpty();
  }

  @Test
  void a_length_that_can_not_be_delegated_is_found() {
    assertThat(verify(manual("huge", Subnet.of(prefix("4000::/4")).prefixLength(12))))
        .containsExactly(
            "error: networks.huge.subnets[0].prefix: /12 IPv6 prefixes can't be delegated; use /16"
                + " to /127 [PrefixLengthUnsupported]");
  }

  @Test
  void a_gateway_that_another_network_would_hand_out_is_found() {
    assertThat(
            verify(
                manual(
                    "lan",
                    Subnet.of(prefix("2001:db8::/64"))
                        .gateway(prefix("2001:db8::5:0:0:1/128").first())),
                manual("pods", Subnet.of(prefix("2001:db8::/64")).prefixLength(80))))
        .containsExactly(
            "warning: networks.pods.subnets[0].reserved: 2001:db8::5:0:0:1: is the gateway of"
                + " network lan, and would be handed out here; reserve it [GatewayNotReserved]");
  }

  @Test
  void a_dynamic_network_is_warned_of() {
    assertThat(
            verify(new Dynamic("dyn", List.of(new DynamicSubnet(List.of(), List.of(), Map.of())))))
        .hasSize(1)
        .allSatisfy(text -> assertThat(text).startsWith("warning: networks.dyn.type: dynamic: "));
  }

  private List<String> verify(NetworkDefinition... networks) {
    return session.verify(NetworkSet.of(networks)).stream().map(Object::toString).toList();
  }

  // Steps

  private void define(NetworkDefinition... networks) {
    context.define(NetworkSet.of(networks));
  }

  private static Manual manual(String name, Subnet.Builder subnet) {
    return new Manual(name, List.of(subnet.build()));
  }

  private static IpPrefix prefix(String text) {
    return IpPrefix.parse(text);
  }

  private static NicBlock openPods() {
    return NicBlock.toBeChosen(PODS, IpFamily.IPV6, 80);
  }

  private static NicRequest open(String owner) {
    return nic(owner, openPods());
  }

  private static NicRequest nic(String owner, NicBlock... blocks) {
    return new NicRequest(new Owner(owner), "1", "0", null, List.of(blocks), Map.of());
  }

  private static List<NicBlock> named(int number) {
    return List.of(
        NicBlock.chosen(V4, prefix("10.0.0.0/16").nth(32, 16 + number)),
        NicBlock.chosen(PODS, prefix("2001:db8::/64").nth(80, 16 + number)));
  }

  private static List<NicRequest> machines(int count, IntFunction<List<NicBlock>> blocks) {
    return IntStream.range(0, count)
        .mapToObj(n -> nic("cf/cell/" + n, blocks.apply(n).toArray(NicBlock[]::new)))
        .toList();
  }

  private Attached attach(NicRequest request) {
    AttachOutcome outcome = session.attach(List.of(request)).get(0);
    if (outcome instanceof Failed failed) {
      throw failed.failure();
    }
    return (Attached) outcome;
  }

  private ProviderException fail(NicRequest request) {
    return ((Failed) session.attach(List.of(request)).get(0)).failure();
  }

  private static IpPrefix picked(Attached attached) {
    return attached.nic().blocks().get(0).chosenBlock().orElseThrow();
  }
}
