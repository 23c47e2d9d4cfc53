package io.dualstack.impl.director;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.AllocationConflictException;
import io.dualstack.Diagnostic;
import io.dualstack.InvalidConfigurationException;
import io.dualstack.PoolExhaustedException;
import io.dualstack.ProviderException;
import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.AllocationKind;
import io.dualstack.allocation.AllocationRequest;
import io.dualstack.allocation.AllocatorOptions;
import io.dualstack.allocation.BlockState;
import io.dualstack.allocation.NetworkDefinition;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.allocation.Owner;
import io.dualstack.allocation.OwnerScope;
import io.dualstack.allocation.PlannedAction;
import io.dualstack.allocation.PrefixChooser;
import io.dualstack.allocation.Subnet;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.director.Deployment;
import io.dualstack.director.DeploymentPlan;
import io.dualstack.director.InstanceGroup;
import io.dualstack.director.InstanceId;
import io.dualstack.director.NetworkUse;
import io.dualstack.director.PlannedInstance;
import io.dualstack.host.DefaultFor;
import io.dualstack.host.VmNetwork;
import io.dualstack.impl.allocation.StoreBackedAllocator;
import io.dualstack.impl.allocation.store.memory.MemoryAllocationStore;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import io.dualstack.provider.NicBlock;
import io.dualstack.testkit.TestClock;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DeploymentDirectorTest {

  private static final Set<DefaultFor> BOTH = Set.of(DefaultFor.DNS, DefaultFor.GATEWAY);

  private final TestClock clock = TestClock.atNoon();
  private final AllocationStore store = new MemoryAllocationStore();
  private final StoreBackedAllocator allocator =
      new StoreBackedAllocator(store, AddressSpace.DEFAULT, AllocatorOptions.DEFAULT, clock);
  private final ScriptedProvider provider = new ScriptedProvider();
  private final DeploymentDirector director =
      new DeploymentDirector(
          allocator, store, provider, name -> provider.session(), IpSet.empty(), clock);

  private static Subnet.Builder subnet(String range) {
    return Subnet.of(IpPrefix.parse(range));
  }

  private static final NetworkDefinition.Manual V4 =
      new NetworkDefinition.Manual(
          "v4",
          List.of(
              subnet("10.0.1.0/24")
                  .gateway(IpAddress.parse("10.0.1.1"))
                  .zones(List.of("z1"))
                  .statics(IpSet.of(IpRange.parse("10.0.1.200-10.0.1.220")))
                  .build(),
              subnet("10.0.2.0/24")
                  .gateway(IpAddress.parse("10.0.2.1"))
                  .zones(List.of("z2"))
                  .statics(IpSet.of(IpRange.parse("10.0.2.200-10.0.2.220")))
                  .build()));

  private static NetworkDefinition.Manual prefixes(PrefixChooser chooser) {
    return new NetworkDefinition.Manual(
        "cells",
        List.of(subnet("2001:db8:4e04:d139::/64").prefixLength(80).chooser(chooser).build()));
  }

  private static NetworkUse use(String network) {
    return new NetworkUse(network, network.equals("v4") ? BOTH : Set.of(), List.of(), 1, null);
  }

  private static NetworkUse statics(String... ranges) {
    return new NetworkUse("v4", BOTH, Arrays.stream(ranges).map(IpRange::parse).toList(), 1, null);
  }

  private static Deployment deployment(PrefixChooser chooser, InstanceGroup... groups) {
    return new Deployment("cf", NetworkSet.of(V4, prefixes(chooser)), List.of(groups), List.of());
  }

  private static InstanceGroup cells(int count) {
    return new InstanceGroup(
        "cell", count, List.of("z1", "z2"), List.of(use("v4"), use("cells")), false);
  }

  private DeploymentPlan apply(InstanceGroup... groups) {
    return director.apply(deployment(PrefixChooser.DIRECTOR, groups), "scripted");
  }

  private static List<String> lines(DeploymentPlan plan) {
    return plan.instances().stream()
        .flatMap(
            instance ->
                instance.networks().stream()
                    .map(
                        network ->
                            instance.id().shortName()
                                + " "
                                + instance.zone()
                                + " "
                                + network.block()
                                + " "
                                + network.action()))
        .toList();
  }

  @Test
  void spreads_instances_over_zones_and_gives_each_its_address_and_prefix() {
    DeploymentPlan plan = apply(cells(3));

    assertThat(lines(plan))
        .containsExactly(
            "cell/0 z1 10.0.1.2/32 CREATED",
            "cell/0 z1 2001:db8:4e04:d139:1::/80 CREATED",
            "cell/1 z2 10.0.2.2/32 CREATED",
            "cell/1 z2 2001:db8:4e04:d139:2::/80 CREATED",
            "cell/2 z1 10.0.1.3/32 CREATED",
            "cell/2 z1 2001:db8:4e04:d139:3::/80 CREATED");
    assertThat(plan.nicsAttached()).isEqualTo(3);
    assertThat(provider.nics).hasSize(3);
    assertThat(provider.nics.get("cf/cell/0#1").blocks()).hasSize(2);
  }

  @Test
  void a_plan_shows_what_apply_does_and_asks_no_provider() {
    DeploymentPlan plan = director.plan(deployment(PrefixChooser.DIRECTOR, cells(3)));

    assertThat(provider.calls).isZero();
    assertThat(allocator.blocks(OwnerScope.ALL)).isEmpty();
    assertThat(lines(apply(cells(3)))).isEqualTo(lines(plan));
  }

  @Test
  void a_second_run_changes_nothing() {
    apply(cells(3));
    var held = allocator.blocks(OwnerScope.ALL);
    var nics = List.copyOf(provider.nics.values());

    DeploymentPlan again = apply(cells(3));

    assertThat(again.isUnchanged()).isTrue();
    assertThat(allocator.blocks(OwnerScope.ALL)).isEqualTo(held);
    assertThat(provider.nics.values()).containsExactlyElementsOf(nics);
    assertThat(again.revision()).isEqualTo(store.revision());
  }

  @Test
  void scaling_down_detaches_and_releases_the_last_instances() {
    apply(cells(3));

    DeploymentPlan plan = apply(cells(1));

    assertThat(lines(plan))
        .contains("cell/2 z1 10.0.1.3/32 RELEASED", "cell/1 z2 10.0.2.2/32 RELEASED");
    assertThat(plan.nicsDetached()).isEqualTo(2);
    assertThat(provider.nics).containsOnlyKeys("cf/cell/0#1");
    assertThat(allocator.blocks(OwnerScope.ALL)).hasSize(2);
  }

  @Test
  void instances_stay_in_their_zone_when_the_group_grows_or_the_zones_are_reordered() {
    apply(cells(2));
    InstanceGroup reordered =
        new InstanceGroup("cell", 3, List.of("z2", "z1"), List.of(use("v4"), use("cells")), false);

    DeploymentPlan plan = apply(reordered);

    assertThat(plan.instances())
        .extracting(PlannedInstance::zone)
        .containsExactly("z1", "z2", "z2");
    assertThat(plan.count(PlannedAction.KEPT)).isEqualTo(4);
  }

  @Test
  void static_addresses_decide_on_the_zone_and_stay_with_their_instance() {
    InstanceGroup db =
        new InstanceGroup(
            "db",
            3,
            List.of("z1", "z2"),
            List.of(statics("10.0.1.200-10.0.1.201", "10.0.2.200")),
            false);
    assertThat(lines(apply(db)))
        .containsExactly(
            "db/0 z1 10.0.1.200/32 CREATED",
            "db/1 z1 10.0.1.201/32 CREATED",
            "db/2 z2 10.0.2.200/32 CREATED");

    InstanceGroup reordered =
        new InstanceGroup(
            "db",
            3,
            List.of("z1", "z2"),
            List.of(statics("10.0.2.200", "10.0.1.201", "10.0.1.200")),
            false);
    assertThat(apply(reordered).isUnchanged()).isTrue();
  }

  private static final NetworkDefinition.Manual BOTH_ZONES =
      new NetworkDefinition.Manual(
          "both",
          List.of(
              subnet("10.1.0.0/16")
                  .zones(List.of("z2", "z1"))
                  .statics(IpSet.of(IpRange.parse("10.1.0.200-10.1.0.220")))
                  .build()));

  private List<String> applyStatics(InstanceGroup group) {
    return lines(
        director.apply(
            new Deployment("cf", NetworkSet.of(V4, BOTH_ZONES), List.of(group), List.of()),
            "scripted"));
  }

  private static InstanceGroup db(List<String> zones, NetworkUse... uses) {
    int size = uses[0].staticIps().stream().mapToInt(range -> range.size().intValueExact()).sum();
    return new InstanceGroup("db", size, zones, List.of(uses), false);
  }

  private static NetworkUse both(String range) {
    return new NetworkUse("both", Set.of(), List.of(IpRange.parse(range)), 2, null);
  }

  @Test
  void a_zone_gets_as_many_instances_as_it_has_static_addresses_of_each_network() {
    List<String> zones = List.of("z1", "z2");

    assertThat(
            applyStatics(
                db(
                    zones,
                    both("10.1.0.200-10.1.0.202"),
                    statics("10.0.2.200-10.0.2.201", "10.0.1.200"))))
        .containsExactly(
            "db/0 z2 10.1.0.200/32 CREATED",
            "db/0 z2 10.0.2.200/32 CREATED",
            "db/1 z1 10.1.0.201/32 CREATED",
            "db/1 z1 10.0.1.200/32 CREATED",
            "db/2 z2 10.1.0.202/32 CREATED",
            "db/2 z2 10.0.2.201/32 CREATED");
  }

  @Test
  void instances_that_keep_a_static_address_keep_their_zone_when_others_are_spread() {
    List<String> zones = List.of("z1", "z2");
    applyStatics(db(zones, both("10.1.0.200-10.1.0.201")));

    assertThat(
            applyStatics(
                db(
                    zones,
                    both("10.1.0.200-10.1.0.203"),
                    statics("10.0.2.200-10.0.2.202", "10.0.1.200"))))
        .containsExactly(
            "db/0 z1 10.1.0.200/32 KEPT",
            "db/0 z1 10.0.1.200/32 CREATED",
            "db/1 z2 10.1.0.201/32 KEPT",
            "db/1 z2 10.0.2.200/32 CREATED",
            "db/2 z2 10.1.0.202/32 CREATED",
            "db/2 z2 10.0.2.201/32 CREATED",
            "db/3 z2 10.1.0.203/32 CREATED",
            "db/3 z2 10.0.2.202/32 CREATED");
    assertThatThrownBy(
            () ->
                applyStatics(
                    db(zones, both("10.1.0.200-10.1.0.203"), statics("10.0.2.200-10.0.2.203"))))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("instance_groups.db.networks.v4.static_ips")
        .hasMessageContaining(
            "the static addresses of both and v4 can't be spread evenly over the zones");
  }

  @Test
  void instances_whose_static_addresses_are_all_new_move_if_their_zone_has_too_few() {
    applyStatics(db(List.of("z1", "z2"), statics("10.0.1.200", "10.0.2.200")));

    assertThat(applyStatics(db(List.of("z1", "z2"), statics("10.0.1.201-10.0.1.202"))))
        .containsSubsequence("db/0 z1 10.0.1.201/32 REPLACED", "db/1 z1 10.0.1.202/32 REPLACED");
  }

  @Test
  void static_addresses_of_a_group_without_zones_are_given_out_in_their_order() {
    NetworkDefinition.Manual everywhere =
        new NetworkDefinition.Manual(
            "both",
            List.of(
                subnet("10.1.0.0/16")
                    .statics(IpSet.of(IpRange.parse("10.1.0.200-10.1.0.220")))
                    .build()));

    DeploymentPlan plan =
        director.apply(
            new Deployment(
                "cf",
                NetworkSet.of(everywhere),
                List.of(db(List.of(), both("10.1.0.201-10.1.0.202"))),
                List.of()),
            "scripted");

    assertThat(lines(plan))
        .containsExactly("db/0 null 10.1.0.201/32 CREATED", "db/1 null 10.1.0.202/32 CREATED");
  }

  @Test
  void settings_carry_the_hardware_address_the_range_and_the_nic_group() {
    VmNetwork told = apply(cells(1)).instances().get(0).settings().get(1);

    assertThat(told.name()).isEqualTo("cells");
    assertThat(told.block()).isEqualTo(IpPrefix.parse("2001:db8:4e04:d139:1::/80"));
    assertThat(told.range()).isEqualTo(IpPrefix.parse("2001:db8:4e04:d139::/64"));
    assertThat(told.nicGroup()).isEqualTo(1);
    assertThat(told.mac()).hasToString("02:00:00:00:00:01");
  }

  @Test
  void what_the_provider_chooses_is_recorded_and_kept() {
    provider.choices.add(IpPrefix.parse("2001:db8:4e04:d139:a::/80"));
    Deployment deployment = deployment(PrefixChooser.PROVIDER, cells(1));
    assertThat(director.plan(deployment).instances().get(0).networks().get(1).chosen()).isEmpty();

    DeploymentPlan plan = director.apply(deployment, "scripted");

    assertThat(plan.instances().get(0).networks().get(1).block())
        .hasToString("2001:db8:4e04:d139:a::/80");
    assertThat(plan.instances().get(0).settings()).hasSize(2);
    assertThat(allocator.holderOf(IpAddress.parse("2001:db8:4e04:d139:a::1")))
        .hasValueSatisfying(
            held -> {
              assertThat(held.owner()).isEqualTo(new Owner("cf/cell/0"));
              assertThat(held.kind()).isEqualTo(AllocationKind.DYNAMIC);
            });
    assertThat(director.apply(deployment, "scripted").isUnchanged()).isTrue();
  }

  @Test
  void a_provider_that_chose_what_is_taken_chooses_again() {
    IpPrefix taken = IpPrefix.parse("2001:db8:4e04:d139:a::/80");
    IpPrefix free = IpPrefix.parse("2001:db8:4e04:d139:b::/80");
    provider.choices.addAll(List.of(taken, taken, taken, free));

    DeploymentPlan plan = director.apply(deployment(PrefixChooser.PROVIDER, cells(2)), "scripted");

    assertThat(plan.instances())
        .extracting(instance -> instance.networks().get(1).block())
        .containsExactly(taken, free);
    assertThat(provider.nics.get("cf/cell/1#1").blocks())
        .extracting(NicBlock::block)
        .contains(free)
        .doesNotContain(taken);
  }

  @Test
  void a_choice_of_the_provider_that_always_overlaps_is_detached_and_refused() {
    for (int i = 0; i < 5; i++) {
      provider.choices.add(IpPrefix.parse("2001:db8:4e04:d139:a::/80"));
    }

    assertThatThrownBy(
            () -> director.apply(deployment(PrefixChooser.PROVIDER, cells(2)), "scripted"))
        .isInstanceOf(AllocationConflictException.class)
        .hasMessageContaining("cf/cell/0");

    assertThat(provider.nics).containsOnlyKeys("cf/cell/0#1");
    provider.choices.add(IpPrefix.parse("2001:db8:4e04:d139:b::/80"));
    DeploymentPlan healed =
        director.apply(deployment(PrefixChooser.PROVIDER, cells(2)), "scripted");
    assertThat(healed.instances().get(1).networks().get(1).block())
        .hasToString("2001:db8:4e04:d139:b::/80");
  }

  @Test
  void a_run_cut_off_between_any_two_nics_is_finished_by_the_next() {
    for (int nics = 0; nics < 3; nics++) {
      provider.diesAfter = nics;
      assertThatThrownBy(() -> apply(cells(3))).hasMessage("killed");
    }
    provider.diesAfter = -1;

    apply(cells(3));

    assertThat(provider.nics).hasSize(3);
    assertThat(allocator.blocks(OwnerScope.ALL))
        .hasSize(6)
        .allSatisfy(block -> assertThat(block.state()).isEqualTo(BlockState.ACTIVE));
  }

  @Test
  void a_run_cut_off_while_resizing_still_releases_the_old_blocks_in_the_end() {
    apply(cells(2));
    NetworkDefinition.Manual resized =
        new NetworkDefinition.Manual(
            "cells", List.of(subnet("2001:db8:4e04:d139::/64").prefixLength(96).build()));
    Deployment changed =
        new Deployment("cf", NetworkSet.of(V4, resized), List.of(cells(2)), List.of());
    provider.diesAfter = 1;
    assertThatThrownBy(() -> director.apply(changed, "scripted")).hasMessage("killed");
    assertThat(allocator.obsolete(OwnerScope.ALL)).hasSize(2);
    provider.diesAfter = -1;

    director.apply(changed, "scripted");

    assertThat(allocator.obsolete(OwnerScope.ALL)).isEmpty();
    assertThat(allocator.blocks(OwnerScope.ALL)).hasSize(4);
  }

  @Test
  void an_instance_that_comes_back_before_it_was_detached_keeps_its_blocks_and_its_life() {
    DeploymentPlan first = apply(cells(2));
    provider.dropsDetach = true;
    assertThatThrownBy(() -> apply(cells(1))).hasMessage("killed");
    provider.dropsDetach = false;

    DeploymentPlan back = apply(cells(2));

    assertThat(back.instances().get(1).incarnation())
        .isEqualTo(first.instances().get(1).incarnation());
    assertThat(back.isUnchanged()).isTrue();
    assertThat(allocator.obsolete(OwnerScope.ALL)).isEmpty();
  }

  @Test
  void the_nic_of_an_earlier_life_is_detached_before_the_new_one_is_attached() {
    apply(cells(1));
    allocator.release(new Owner("cf/cell/0"));

    DeploymentPlan reborn = apply(cells(1));

    assertThat(reborn.nicsDetached()).isEqualTo(1);
    assertThat(provider.nics.get("cf/cell/0#1").incarnation())
        .isEqualTo(reborn.instances().get(0).incarnation());
  }

  @Test
  void a_failed_nic_is_told_and_its_given_up_blocks_stay_blocked() {
    apply(cells(2));
    provider.failing.add(new Owner("cf/cell/1"));
    NetworkDefinition.Manual resized =
        new NetworkDefinition.Manual(
            "cells", List.of(subnet("2001:db8:4e04:d139::/64").prefixLength(96).build()));
    Deployment changed =
        new Deployment("cf", NetworkSet.of(V4, resized), List.of(cells(2)), List.of());

    assertThatThrownBy(() -> director.apply(changed, "scripted"))
        .isInstanceOf(ProviderException.class)
        .hasMessageContaining("cf/cell/1");

    assertThat(allocator.obsolete(OwnerScope.ALL))
        .singleElement()
        .satisfies(block -> assertThat(block.owner()).isEqualTo(new Owner("cf/cell/1")));
  }

  @Test
  void refuses_what_the_provider_cannot_do_before_anything_is_changed() {
    NetworkUse tooLong = new NetworkUse("cells", Set.of(), List.of(), 1, 112);
    InstanceGroup group =
        new InstanceGroup("cell", 1, List.of("z1"), List.of(use("v4"), tooLong), false);

    assertThatThrownBy(() -> apply(group))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("/112")
        .hasMessageContaining("/64 to /96");
    provider.findings.add(Diagnostic.error("networks.v4", "Wrong", "does not fit"));
    assertThatThrownBy(() -> apply(cells(1))).hasMessageContaining("does not fit");

    assertThat(store.revision()).isZero();
    assertThat(provider.calls).isZero();
  }

  @Test
  void a_deployment_that_does_not_fit_leaves_nothing() {
    assertThatThrownBy(() -> apply(cells(1000))).isInstanceOf(PoolExhaustedException.class);

    assertThat(allocator.blocks(OwnerScope.ALL)).isEmpty();
    assertThat(provider.nics).isEmpty();
  }

  @Test
  void releasing_a_deployment_detaches_first_and_leaves_others_alone() {
    apply(cells(2));
    allocator.allocate(AllocationRequest.forOwner("cf-dev/cell/0").from("v4").build());

    DeploymentPlan plan = director.release("cf");

    assertThat(plan.count(PlannedAction.RELEASED)).isEqualTo(4);
    assertThat(plan.nicsDetached()).isEqualTo(2);
    assertThat(provider.nics).isEmpty();
    assertThat(allocator.blocks(OwnerScope.ALL)).hasSize(1);
    assertThat(director.release("cf").instances()).isEmpty();
  }

  @Test
  void releasing_one_instance_frees_its_blocks_for_the_next() {
    apply(cells(2));

    DeploymentPlan plan = director.release(new InstanceId("cf", "cell", 0));

    assertThat(plan.instances())
        .extracting(PlannedInstance::id)
        .containsExactly(new InstanceId("cf", "cell", 0));
    assertThat(provider.nics).containsOnlyKeys("cf/cell/1#1");
    assertThat(allocator.find(new Owner("cf/cell/1"))).isPresent();
  }

  @Test
  void a_deployment_stays_with_the_provider_that_attached_it() {
    apply(cells(1));
    ScriptedProvider other =
        new ScriptedProvider() {
          @Override
          public String name() {
            return "other";
          }
        };
    DeploymentDirector elsewhere =
        new DeploymentDirector(
            allocator, store, other, name -> other.session(), IpSet.empty(), clock);

    assertThatThrownBy(() -> elsewhere.apply(deployment(PrefixChooser.DIRECTOR, cells(1)), "other"))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("scripted");
  }

  @Test
  void a_cloud_config_alone_defines_the_networks_and_touches_no_instance() {
    apply(cells(1));
    Deployment alone =
        new Deployment(
            "", NetworkSet.of(V4, prefixes(PrefixChooser.DIRECTOR)), List.of(), List.of());

    assertThat(director.plan(alone).instances()).isEmpty();
    director.apply(alone, "scripted");

    assertThat(allocator.find(new Owner("cf/cell/0"))).isPresent();
    assertThat(provider.nics).hasSize(1);
  }
}
