package io.dualstack.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.AllocationConflictException;
import io.dualstack.InvalidConfigurationException;
import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.Allocation;
import io.dualstack.allocation.AllocationKind;
import io.dualstack.allocation.AllocationPlan;
import io.dualstack.allocation.AllocationRequest;
import io.dualstack.allocation.AllocatorOptions;
import io.dualstack.allocation.BlockState;
import io.dualstack.allocation.DesiredState;
import io.dualstack.allocation.HistoryEntry;
import io.dualstack.allocation.NetworkDefinition;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.allocation.Owner;
import io.dualstack.allocation.OwnerScope;
import io.dualstack.allocation.PlannedBlock;
import io.dualstack.allocation.PrefixAllocator;
import io.dualstack.allocation.PrefixChooser;
import io.dualstack.allocation.ReleaseOutcome;
import io.dualstack.allocation.Subnet;
import io.dualstack.allocation.Utilization;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an allocator frees, lets rest, records and leaves out, and what it remembers of it. */
abstract class AllocatorReleaseContract extends AllocatorPlacementContract {

  AllocatorReleaseContract() {}

  /** Free space is as before. */
  @Test
  public void allocating_and_releasing_leaves_utilization_as_it_was() {
    PrefixAllocator allocator = allocator();
    List<Utilization> before = allocator.utilization();

    allocator.allocate(vm("a").from("v4").from("v6").from("cells").build());
    assertThat(allocator.utilization()).isNotEqualTo(before);
    assertThat(allocator.release(new Owner("a"))).isInstanceOf(ReleaseOutcome.Released.class);

    assertThat(allocator.utilization()).isEqualTo(before);
  }

  /** Idempotent. */
  @Test
  public void releasing_twice_is_one_release() {
    PrefixAllocator allocator = allocator();
    allocator.allocate(vm("a").from("v4").build());

    assertThat(allocator.release(new Owner("a"))).isInstanceOf(ReleaseOutcome.Released.class);
    assertThat(allocator.release(new Owner("a"))).isInstanceOf(ReleaseOutcome.NothingHeld.class);
  }

  /** Compare and release. */
  @Test
  public void a_late_cleanup_never_frees_what_a_later_life_uses() {
    PrefixAllocator allocator = allocator();
    allocator.allocate(vm("a").from("v4").build());
    Allocation reborn =
        allocator.allocate(AllocationRequest.forOwner("a").incarnation("2").from("v4").build());

    assertThat(allocator.release(new Owner("a"), "1"))
        .isEqualTo(new ReleaseOutcome.HeldByAnotherIncarnation(reborn.blocks().get(0)));
    assertThat(allocator.find(new Owner("a"))).isPresent();
    assertThat(allocator.release(new Owner("a"), "2")).isInstanceOf(ReleaseOutcome.Released.class);
  }

  /** Owners whose names begin alike are not confused. */
  @Test
  public void releasing_an_owner_leaves_those_below_its_name_alone() {
    PrefixAllocator allocator = allocator();
    allocator.allocate(vm("cf").from("v4").build());
    allocator.allocate(vm("cf/0").from("v4").build());

    allocator.release(new Owner("cf"));

    assertThat(allocator.find(new Owner("cf/0"))).isPresent();
  }

  /** A released block rests, in every number, across restarts, and then is free. */
  @Test
  public void a_released_block_rests_until_its_cool_down_ends() {
    AllocatorOptions options = AllocatorOptions.DEFAULT.withCoolDown(Duration.ofHours(1));
    PrefixAllocator before = allocator(options);
    BigInteger available = before.utilization().get(0).available();
    before.allocate(vm("a").from("v4").build());
    before.release(new Owner("a"));

    PrefixAllocator allocator = allocator(options, clock);
    assertThat(allocator.utilization().get(0).available())
        .isEqualTo(available.subtract(BigInteger.ONE));
    assertThat(allocator.utilization().get(0).quarantined()).isEqualTo(1);
    assertThat(texts(allocator.allocate(vm("b").from("v4").build())))
        .containsExactly("192.0.2.5/32");
    assertThat(allocator.holderOf(IpAddress.parse("192.0.2.4")))
        .map(AllocatedBlock::state)
        .contains(BlockState.QUARANTINED);

    clock.advance(Duration.ofHours(1));
    assertThat(texts(allocator.allocate(vm("c").from("v4").build())))
        .containsExactly("192.0.2.4/32");
  }

  /** Who comes back in time gets back what rests. */
  @Test
  public void an_owner_that_comes_back_gets_its_resting_block_again() {
    PrefixAllocator allocator =
        allocator(AllocatorOptions.DEFAULT.withCoolDown(Duration.ofHours(1)));
    allocator.allocate(vm("a").from("v4").build());
    allocator.release(new Owner("a"));
    allocator.allocate(vm("b").from("v4").build());

    assertThat(texts(allocator.allocate(vm("a").from("v4").build())))
        .containsExactly("192.0.2.4/32");
  }

  /** Recording another's choice. */
  @Test
  public void records_a_block_that_the_provider_chose_and_refuses_an_overlap() {
    PrefixAllocator allocator = allocator();
    Owner owner = new Owner("a");
    IpPrefix chosen = block("2001:db8:4e04:d139:7::/80");

    AllocatedBlock recorded =
        allocator.reserve(owner, "1", null, "cells", chosen, AllocationKind.DYNAMIC);

    assertThat(recorded.block()).isEqualTo(chosen);
    assertThat(allocator.reserve(owner, "1", null, "cells", chosen, AllocationKind.DYNAMIC))
        .isEqualTo(recorded);
    assertThatThrownBy(
            () ->
                allocator.reserve(
                    new Owner("b"), "1", null, "cells", chosen, AllocationKind.DYNAMIC))
        .isInstanceOf(AllocationConflictException.class);
    assertThatThrownBy(
            () ->
                allocator.reserve(
                    owner,
                    "1",
                    null,
                    "cells",
                    block("2001:db8:4e04:d139:8::/80"),
                    AllocationKind.DYNAMIC))
        .isInstanceOf(AllocationConflictException.class)
        .hasMessageContaining("already holds");
  }

  /** Exclusion without enumeration, idempotent, and its end. */
  @Test
  public void excluded_addresses_are_never_handed_out_until_they_are_included_again() {
    PrefixAllocator allocator = allocator();
    IpSet elsewhere =
        IpSet.of(
            IpRange.parse("192.0.2.4-192.0.2.6"),
            IpRange.parse("2001:db8:4e04:d139:1::-2001:db8:4e04:d139:3fff:ffff:ffff:ffff"));

    assertThat(allocator.exclude(elsewhere, "lab routers")).hasSizeLessThan(20);
    assertThat(allocator.exclude(elsewhere, "lab routers")).isEmpty();

    assertThat(texts(allocator.allocate(vm("a").from("v4").from("cells").build())))
        .containsExactly("192.0.2.7/32", "2001:db8:4e04:d139:4000::/80");
    assertThatThrownBy(
            () -> allocator.allocate(vm("b").exactly("v4", block("192.0.2.5/32")).build()))
        .hasMessageContaining("lab routers");

    assertThat(allocator.include(elsewhere)).isNotEmpty();
    assertThat(texts(allocator.allocate(vm("c").from("v4").build())))
        .containsExactly("192.0.2.4/32");
  }

  /** Excluding what is held is a conflict. */
  @Test
  public void refuses_to_exclude_what_an_owner_holds() {
    PrefixAllocator allocator = allocator();
    allocator.allocate(vm("a").from("cells").build());

    assertThatThrownBy(
            () -> allocator.exclude(IpSet.of(IpRange.parse("2001:db8:4e04:d139:1::5")), "x"))
        .isInstanceOf(AllocationConflictException.class)
        .hasMessageContaining("held as 2001:db8:4e04:d139:1::/80 by a");
  }

  /** Provider's choice is not the allocator's. */
  @Test
  public void refuses_to_choose_for_the_provider() {
    PrefixAllocator allocator = allocator(AllocatorOptions.DEFAULT, clock);
    allocator.define(
        NetworkSet.of(
            new NetworkDefinition.Manual(
                "theirs",
                List.of(
                    Subnet.of(block("2001:db8::/64"))
                        .prefixLength(80)
                        .chooser(PrefixChooser.PROVIDER)
                        .build()))));

    assertThatThrownBy(() -> allocator.allocate(vm("a").from("theirs").build()))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("provider");
    AllocationPlan plan =
        allocator.plan(
            new DesiredState(
                allocator.networks(), OwnerScope.ALL, List.of(vm("a").from("theirs").build())));
    assertThat(plan.blocks()).extracting(PlannedBlock::block).containsOnlyNulls();
  }

  /** Who held this address at that time. */
  @Test
  public void history_tells_who_held_an_address_at_a_time() {
    PrefixAllocator allocator = allocator();
    IpAddress inside = IpAddress.parse("2001:db8:4e04:d139:1::42");
    Instant before = clock.instant();
    clock.advance(Duration.ofMinutes(1));
    allocator.allocate(vm("a").from("cells").build());
    Instant during = clock.advance(Duration.ofMinutes(1));
    allocator.release(new Owner("a"));
    Instant after = clock.advance(Duration.ofMinutes(1));
    allocator.allocate(
        vm("b").from("cells", 128).exactly("v6", block("2001:db8:4e04:d139::9/128")).build());

    assertThat(allocator.holderAt(inside, before)).isEmpty();
    assertThat(allocator.holderAt(inside, during.minusSeconds(1)))
        .map(AllocatedBlock::owner)
        .contains(new Owner("a"));
    assertThat(allocator.holderAt(inside, after.minusSeconds(1))).isEmpty();
    assertThat(allocator.history(inside))
        .extracting(HistoryEntry::event)
        .containsExactly(HistoryEntry.Event.ALLOCATED, HistoryEntry.Event.FREED);
  }
}
