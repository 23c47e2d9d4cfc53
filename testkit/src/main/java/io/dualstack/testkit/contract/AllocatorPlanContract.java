package io.dualstack.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.AllocationPlan;
import io.dualstack.allocation.AllocatorOptions;
import io.dualstack.allocation.BlockState;
import io.dualstack.allocation.DesiredState;
import io.dualstack.allocation.LeakReport;
import io.dualstack.allocation.NetworkDefinition;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.allocation.Owner;
import io.dualstack.allocation.OwnerScope;
import io.dualstack.allocation.PlannedAction;
import io.dualstack.allocation.PlannedBlock;
import io.dualstack.allocation.PrefixAllocator;
import io.dualstack.allocation.Subnet;
import io.dualstack.allocation.Utilization;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How an allocator brings about a desired state, and finds what nobody uses any more. */
abstract class AllocatorPlanContract extends AllocatorReleaseContract {

  AllocatorPlanContract() {}

  /** A plan is a promise and changes nothing. */
  @Test
  public void a_plan_shows_what_apply_does_and_changes_nothing() {
    PrefixAllocator allocator = allocator();
    List<Utilization> before = allocator.utilization();

    AllocationPlan plan = allocator.plan(cells(NETWORKS, 3));
    assertThat(allocator.blocks(OwnerScope.ALL)).isEmpty();
    assertThat(allocator.utilization()).isEqualTo(before);

    assertThat(allocator.apply(cells(NETWORKS, 3)).blocks()).isEqualTo(plan.blocks());
    assertThat(plan.count(PlannedAction.CREATED)).isEqualTo(6);
  }

  /** Idempotent apply. */
  @Test
  public void applying_the_same_twice_changes_nothing() {
    PrefixAllocator allocator = allocator();
    allocator.apply(cells(NETWORKS, 3));
    List<AllocatedBlock> held = allocator.blocks(OwnerScope.ALL);

    AllocationPlan again = allocator.apply(cells(NETWORKS, 3));

    assertThat(again.isUnchanged()).isTrue();
    assertThat(allocator.blocks(OwnerScope.ALL)).isEqualTo(held);
  }

  /** Scaling down frees nothing before it is detached. */
  @Test
  public void what_is_not_asked_for_any_more_stays_blocked_until_it_is_detached() {
    PrefixAllocator allocator = allocator();
    allocator.apply(cells(NETWORKS, 3));

    AllocationPlan plan = allocator.apply(cells(NETWORKS, 2));
    assertThat(plan.count(PlannedAction.RELEASED)).isEqualTo(2);
    List<AllocatedBlock> obsolete = allocator.obsolete(OwnerScope.below("cf"));
    assertThat(obsolete).hasSize(2);
    assertThat(texts(allocator.allocate(vm("other").from("cells").build())))
        .containsExactly("2001:db8:4e04:d139:4::/80");

    assertThat(allocator.releaseObsolete(obsolete)).hasSize(2);
    assertThat(allocator.releaseObsolete(obsolete)).isEmpty();
    assertThat(texts(allocator.allocate(vm("another").from("cells").build())))
        .containsExactly("2001:db8:4e04:d139:3::/80");
  }

  /** A changed prefix size is an update. */
  @Test
  public void a_changed_prefix_size_replaces_without_overlap_and_keeps_what_still_fits() {
    PrefixAllocator allocator = allocator();
    allocator.apply(cells(NETWORKS, 2));
    NetworkSet resized =
        NetworkSet.of(
            V4,
            new NetworkDefinition.Manual(
                "cells",
                List.of(
                    Subnet.of(block("2001:db8:4e04:d139::/64"))
                        .prefixLength(96)
                        .reserved(IpSet.of(IpRange.parse("2001:db8:4e04:d139::/80")))
                        .build())));

    AllocationPlan plan = allocator.apply(cells(resized, 2));

    assertThat(plan.count(PlannedAction.KEPT)).isEqualTo(2);
    assertThat(plan.blocks())
        .filteredOn(line -> line.action() == PlannedAction.REPLACED)
        .extracting(line -> line.replaces() + " > " + line.block())
        .containsExactly(
            "2001:db8:4e04:d139:1::/80 > 2001:db8:4e04:d139:3::/96",
            "2001:db8:4e04:d139:2::/80 > 2001:db8:4e04:d139:3:1::/96");
    assertDisjoint(allocator.blocks(OwnerScope.ALL));
    assertThat(allocator.networks()).isEqualTo(resized);
    PrefixAllocator later = allocator();
    assertThat(later.utilization()).isEqualTo(allocator.utilization());
    assertThat(later.obsolete(OwnerScope.ALL))
        .hasSize(2)
        .isEqualTo(allocator.obsolete(OwnerScope.ALL));
    assertThat(texts(allocator.allocate(vm("other").from("cells", 96).build())))
        .containsExactly("2001:db8:4e04:d139:3:2::/96");
  }

  /** A narrowed range. */
  @Test
  public void a_narrowed_range_replaces_only_what_fell_out_of_it() {
    PrefixAllocator allocator = allocator();
    allocator.apply(cells(NETWORKS, 6));
    NetworkSet narrowed =
        NetworkSet.of(
            CELLS,
            new NetworkDefinition.Manual(
                "v4",
                List.of(
                    Subnet.of(block("192.0.2.0/27"))
                        .reserved(IpSet.of(IpRange.parse("192.0.2.4-192.0.2.5")))
                        .build())));

    AllocationPlan plan = allocator.apply(cells(narrowed, 6));

    assertThat(plan.blocks())
        .filteredOn(line -> line.action() == PlannedAction.REPLACED)
        .hasSize(2)
        .allSatisfy(line -> assertThat(line.reason()).contains("restricted"));
    assertThat(plan.count(PlannedAction.KEPT)).isEqualTo(10);
    assertDisjoint(allocator.blocks(OwnerScope.ALL));
  }

  /** A renamed network keeps the addresses. */
  @Test
  public void a_renamed_network_keeps_its_blocks() {
    PrefixAllocator allocator = allocator();
    allocator.allocate(vm("a").from("v4").build());
    NetworkDefinition.Manual renamed = new NetworkDefinition.Manual("private", V4.subnets());

    AllocationPlan plan =
        allocator.apply(
            new DesiredState(
                NetworkSet.of(renamed), OwnerScope.ALL, List.of(vm("a").from("private").build())));

    assertThat(plan.isUnchanged()).isTrue();
    assertThat(plan.blocks())
        .extracting(PlannedBlock::block)
        .containsExactly(block("192.0.2.4/32"));
  }

  /** Other scopes are not touched. */
  @Test
  public void applying_one_scope_leaves_the_others_alone() {
    PrefixAllocator allocator = allocator();
    allocator.allocate(vm("cf-dev/cell/0").from("v4").build());

    allocator.apply(cells(NETWORKS, 1));
    allocator.apply(cells(NETWORKS, 0));

    assertThat(allocator.find(new Owner("cf-dev/cell/0"))).isPresent();
  }

  /** A deployment that goes. */
  @Test
  public void a_retired_scope_stays_blocked_until_it_is_detached() {
    PrefixAllocator allocator = allocator();
    allocator.apply(cells(NETWORKS, 2));

    List<AllocatedBlock> retired = allocator.retire(OwnerScope.below("cf"));

    assertThat(retired)
        .hasSize(4)
        .extracting(AllocatedBlock::state)
        .containsOnly(BlockState.OBSOLETE);
    assertThat(allocator.retire(OwnerScope.below("cf"))).isEqualTo(retired);
    assertThat(allocator.releaseObsolete(retired)).hasSize(4);
    assertThat(allocator.blocks(OwnerScope.ALL)).isEmpty();
  }

  /** Two looks and a grace period. */
  @Test
  public void a_leak_takes_two_looks_a_grace_period_apart() {
    PrefixAllocator allocator = allocator();
    allocator.allocate(vm("gone").from("v4").build());
    allocator.allocate(vm("alive").from("v4").build());
    Set<Owner> living = Set.of(new Owner("alive"));
    Duration grace = Duration.ofMinutes(10);

    LeakReport first = allocator.findLeaks(OwnerScope.ALL, living, grace);
    assertThat(first.leaked()).isEmpty();
    assertThat(first.suspects())
        .extracting(AllocatedBlock::owner)
        .containsExactly(new Owner("gone"));

    clock.advance(Duration.ofMinutes(9));
    assertThat(allocator.findLeaks(OwnerScope.ALL, living, grace).leaked()).isEmpty();

    clock.advance(Duration.ofMinutes(1));
    assertThat(
            allocator(AllocatorOptions.DEFAULT, clock)
                .findLeaks(OwnerScope.ALL, living, grace)
                .leaked())
        .extracting(AllocatedBlock::owner)
        .containsExactly(new Owner("gone"));
    assertThat(allocator.find(new Owner("gone"))).isPresent();
  }

  /** Seen in between is seen. */
  @Test
  public void an_owner_seen_between_two_looks_is_no_leak() {
    PrefixAllocator allocator = allocator();
    allocator.allocate(vm("flaky").from("v4").build());
    Duration grace = Duration.ofMinutes(10);

    allocator.findLeaks(OwnerScope.ALL, Set.of(), grace);
    clock.advance(Duration.ofMinutes(6));
    allocator.findLeaks(OwnerScope.ALL, Set.of(new Owner("flaky")), grace);
    clock.advance(Duration.ofMinutes(6));

    LeakReport report = allocator.findLeaks(OwnerScope.ALL, Set.of(), grace);
    assertThat(report.leaked()).isEmpty();
    assertThat(report.suspects()).hasSize(1);
  }

  /** One look is never enough. */
  @Test
  public void without_grace_a_leak_still_takes_a_second_look() {
    PrefixAllocator allocator = allocator();
    allocator.allocate(vm("gone").from("v4").build());

    assertThat(allocator.findLeaks(OwnerScope.ALL, Set.of(), Duration.ZERO).leaked()).isEmpty();
    clock.advance(Duration.ofMillis(1));
    assertThat(allocator.findLeaks(OwnerScope.ALL, Set.of(), Duration.ZERO).leaked()).hasSize(1);
  }
}
