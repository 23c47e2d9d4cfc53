package io.dualstack.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.dualstack.AllocationConflictException;
import io.dualstack.InvalidConfigurationException;
import io.dualstack.PoolExhaustedException;
import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.Allocation;
import io.dualstack.allocation.AllocationKind;
import io.dualstack.allocation.AllocationPlan;
import io.dualstack.allocation.AllocationRequest;
import io.dualstack.allocation.AllocatorOptions;
import io.dualstack.allocation.DesiredState;
import io.dualstack.allocation.NetworkDefinition;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.allocation.Owner;
import io.dualstack.allocation.OwnerScope;
import io.dualstack.allocation.PrefixAllocator;
import io.dualstack.allocation.Subnet;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which blocks an allocator chooses, and for whom. */
abstract class AllocatorPlacementContract extends OpenAllocator {

  AllocatorPlacementContract() {}

  /** The example of the RFC, to the letter. */
  @Test
  public void delegates_the_prefixes_of_the_rfc_in_their_order() {
    PrefixAllocator allocator = allocator();

    assertThat(texts(allocator.allocate(vm("a").from("cells").build())))
        .containsExactly("2001:db8:4e04:d139:1::/80");
    assertThat(texts(allocator.allocate(vm("b").from("cells").build())))
        .containsExactly("2001:db8:4e04:d139:2::/80");
  }

  /** All three kinds of block that a cell needs. */
  @Test
  public void allocates_both_addresses_and_the_prefix_of_a_machine_together() {
    Allocation cell = allocator().allocate(vm("cell").from("v4").from("v6").from("cells").build());

    assertThat(texts(cell))
        .containsExactly("192.0.2.4/32", "2001:db8:4e04:d139::2/128", "2001:db8:4e04:d139:1::/80");
    assertThat(cell.address(IpFamily.IPV4)).map(AllocatedBlock::network).contains("v4");
    assertThat(cell.address(IpFamily.IPV6)).map(AllocatedBlock::network).contains("v6");
    assertThat(cell.delegatedPrefix(IpFamily.IPV6)).map(AllocatedBlock::network).contains("cells");
  }

  /** Reserved, static, gateway, first and last are never chosen. */
  @Test
  public void skips_what_is_restricted_or_set_aside_and_ends_before_the_last_address() {
    PrefixAllocator allocator = allocator();
    List<String> chosen = new ArrayList<>();

    for (int i = 0; i < 23; i++) {
      chosen.addAll(texts(allocator.allocate(vm("vm" + i).from("v4").build())));
    }

    assertThat(chosen).startsWith("192.0.2.4/32", "192.0.2.5/32", "192.0.2.6/32", "192.0.2.7/32");
    assertThat(chosen).contains("192.0.2.12/32").endsWith("192.0.2.30/32");
    assertThat(chosen).doesNotContain("192.0.2.8/32", "192.0.2.11/32", "192.0.2.31/32");
  }

  /** A freed block is the next to be handed out if it is the lowest. */
  @Test
  public void hands_the_lowest_free_block_out_again() {
    PrefixAllocator allocator = allocator();
    allocator.allocate(vm("a").from("cells").build());
    allocator.allocate(vm("b").from("cells").build());
    allocator.release(new Owner("a"));

    assertThat(texts(allocator.allocate(vm("c").from("cells").build())))
        .containsExactly("2001:db8:4e04:d139:1::/80");
  }

  /** Round robin goes on behind the last block. */
  @Test
  public void round_robin_hands_a_freed_block_out_only_after_all_behind_it() {
    PrefixAllocator allocator =
        allocator(AllocatorOptions.DEFAULT.withStrategy(AllocatorOptions.Strategy.ROUND_ROBIN));
    allocator.allocate(vm("a").from("v4").build());
    allocator.release(new Owner("a"));

    assertThat(texts(allocator.allocate(vm("b").from("v4").build())))
        .containsExactly("192.0.2.5/32");
    for (int i = 6; i < 28; i++) {
      allocator.allocate(vm("vm" + i).from("v4").build());
    }
    assertThat(allocator.holderOf(IpAddress.parse("192.0.2.4"))).isPresent();
  }

  /** Mixed lengths in one subnet. */
  @Test
  public void cuts_blocks_of_several_lengths_from_one_subnet_without_overlap() {
    PrefixAllocator allocator = allocator();

    assertThat(texts(allocator.allocate(vm("a").from("cells", 96).build())))
        .containsExactly("2001:db8:4e04:d139:1::/96");
    assertThat(texts(allocator.allocate(vm("b").from("cells").build())))
        .containsExactly("2001:db8:4e04:d139:2::/80");
    assertThat(texts(allocator.allocate(vm("c").from("cells", 128).build())))
        .containsExactly("2001:db8:4e04:d139:1:1::/128");
    assertThat(texts(allocator.allocate(vm("d").from("cells", 66).build())))
        .containsExactly("2001:db8:4e04:d139:4000::/66");
  }

  /** Two networks over the same addresses see each other's blocks. */
  @Test
  public void an_address_taken_in_one_network_is_taken_in_all() {
    PrefixAllocator allocator = allocator(AllocatorOptions.DEFAULT, clock);
    NetworkDefinition.Manual twin = new NetworkDefinition.Manual("twin", V4.subnets());
    allocator.define(NetworkSet.of(V4, twin));

    allocator.allocate(vm("a").from("v4").build());

    assertThat(texts(allocator.allocate(vm("b").from("twin").build())))
        .containsExactly("192.0.2.5/32");
  }

  /** Subnets are tried in order, those of the zone only. */
  @Test
  public void asks_only_subnets_that_serve_the_zone_in_their_order() {
    PrefixAllocator allocator = allocator(AllocatorOptions.DEFAULT, clock);
    NetworkDefinition.Manual zoned =
        new NetworkDefinition.Manual(
            "zoned",
            List.of(
                Subnet.of(block("10.0.2.0/29")).zones(List.of("z2")).build(),
                Subnet.of(block("10.0.1.0/29")).zones(List.of("z1", "z3")).build()));
    allocator.define(NetworkSet.of(zoned));

    assertThat(texts(allocator.allocate(vm("a").zone("z1").from("zoned").build())))
        .containsExactly("10.0.1.1/32");
    assertThat(texts(allocator.allocate(vm("b").from("zoned").build())))
        .containsExactly("10.0.2.1/32");
    assertThatThrownBy(() -> allocator.allocate(vm("c").zone("z9").from("zoned").build()))
        .isInstanceOf(PoolExhaustedException.class)
        .hasMessageContaining("zone z9");
  }

  /** Sticky until released. */
  @Test
  public void the_same_owner_asking_again_gets_the_same_answer() {
    PrefixAllocator allocator = allocator();
    AllocationRequest request = vm("a").from("v4").from("cells").build();

    Allocation first = allocator.allocate(request);
    allocator.allocate(vm("b").from("v4").from("cells").build());

    assertThat(allocator.allocate(request)).isEqualTo(first);
    assertThat(allocator.find(new Owner("a")).orElseThrow().blocks())
        .containsExactlyElementsOf(first.blocks().stream().sorted().toList());
  }

  /** Additive: asking for one more network keeps what is held. */
  @Test
  public void asking_for_another_network_keeps_what_is_held() {
    PrefixAllocator allocator = allocator();
    Allocation before = allocator.allocate(vm("a").from("v4").build());

    Allocation after = allocator.allocate(vm("a").from("v4").from("cells").build());

    assertThat(after.from("v4")).isEqualTo(before.from("v4"));
    assertThat(after.from("cells")).isPresent();
  }

  /** All or nothing. */
  @Test
  public void a_refused_request_leaves_nothing_of_itself() {
    PrefixAllocator allocator = allocator();
    AllocationRequest impossible =
        vm("a").from("v4").exactly("cells", block("2001:db8:4e04:d139::/80")).build();

    assertThatThrownBy(() -> allocator.allocate(impossible))
        .isInstanceOf(AllocationConflictException.class)
        .hasMessageContaining("2001:db8:4e04:d139::/80")
        .hasMessageContaining("restricted");

    assertThat(allocator.find(new Owner("a"))).isEmpty();
    assertThat(allocator.blocks(OwnerScope.ALL)).isEmpty();
    assertThat(texts(allocator.allocate(vm("b").from("v4").build())))
        .containsExactly("192.0.2.4/32");
  }

  /** Batches are all or nothing too. */
  @Test
  public void a_refused_batch_leaves_nothing_of_any_of_its_owners() {
    PrefixAllocator allocator = allocator();

    assertThatThrownBy(
            () ->
                allocator.allocateAll(
                    List.of(
                        vm("a").exactly("v4", block("192.0.2.9/32")).build(),
                        vm("b").exactly("v4", block("192.0.2.9/32")).build())))
        .isInstanceOf(AllocationConflictException.class)
        .hasMessageContaining("twice");

    assertThat(allocator.blocks(OwnerScope.ALL)).isEmpty();
  }

  /** The static address of somebody else. */
  @Test
  public void a_conflict_names_the_holder() {
    PrefixAllocator allocator = allocator();
    allocator.allocate(vm("db/0").exactly("v4", block("192.0.2.9/32")).build());

    assertThatThrownBy(
            () -> allocator.allocate(vm("a").exactly("v4", block("192.0.2.9/32")).build()))
        .asInstanceOf(type(AllocationConflictException.class))
        .satisfies(
            conflict -> {
              assertThat(conflict.wanted()).isEqualTo(block("192.0.2.9/32"));
              assertThat(conflict.holder().orElseThrow().owner()).isEqualTo(new Owner("db/0"));
              assertThat(conflict).hasMessageContaining("db/0").hasMessageContaining("2025-06-01");
            });
  }

  /** Exhaustion shows free space by length. */
  @Test
  public void exhaustion_says_how_much_is_free_in_which_sizes() {
    PrefixAllocator allocator = allocator(AllocatorOptions.DEFAULT, clock);
    allocator.define(
        NetworkSet.of(
            new NetworkDefinition.Manual(
                "small", List.of(Subnet.of(block("10.0.0.0/28")).prefixLength(30).build()))));
    allocator.allocate(vm("a").from("small").build());
    allocator.allocate(vm("b").from("small").build());

    assertThatThrownBy(() -> allocator.allocate(vm("c").from("small").build()))
        .asInstanceOf(type(PoolExhaustedException.class))
        .satisfies(
            exhausted -> {
              assertThat(exhausted.network()).isEqualTo("small");
              assertThat(exhausted.length()).isEqualTo(30);
              assertThat(exhausted.freeByLength())
                  .containsExactlyInAnyOrderEntriesOf(
                      Map.of(31, BigInteger.TWO, 32, BigInteger.TWO));
              assertThat(exhausted).hasMessageContaining("10.0.0.0/28").hasMessageContaining("2 x");
            });
  }

  /** Unknown networks. */
  @Test
  public void refuses_a_network_that_is_not_defined() {
    assertThatThrownBy(() -> allocator().allocate(vm("a").from("nowhere").build()))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("nowhere");
  }

  /** Back to what was given up but is still there. */
  @Test
  public void an_owner_that_goes_back_to_an_earlier_size_gets_its_earlier_block() {
    PrefixAllocator allocator = allocator();
    Allocation first = allocator.allocate(vm("a").from("cells").build());
    Allocation smaller = allocator.allocate(vm("a").from("cells", 96).build());

    Allocation back = allocator.allocate(vm("a").from("cells").build());

    assertThat(texts(back)).isEqualTo(texts(first));
    assertThat(allocator.find(new Owner("a")).orElseThrow().blocks()).hasSize(1);
    assertThat(allocator.obsolete(OwnerScope.ALL))
        .extracting(AllocatedBlock::block)
        .containsExactly(smaller.blocks().get(0).block());
  }

  /** Recording what was given up but is still there, beside an active one. */
  @Test
  public void refuses_to_record_an_obsolete_block_beside_an_active_one_of_the_network() {
    PrefixAllocator allocator = allocator();
    IpPrefix first = allocator.allocate(vm("a").from("cells").build()).blocks().get(0).block();
    allocator.allocate(vm("a").from("cells", 96).build());

    assertThatThrownBy(
            () ->
                allocator.reserve(
                    new Owner("a"), "1", null, "cells", first, AllocationKind.DYNAMIC))
        .isInstanceOf(AllocationConflictException.class)
        .hasMessageContaining("already holds");
  }

  /** What is only planned, or refused, moves nothing. */
  @Test
  public void round_robin_goes_on_behind_what_was_handed_out_not_behind_what_was_planned() {
    PrefixAllocator allocator =
        allocator(AllocatorOptions.DEFAULT.withStrategy(AllocatorOptions.Strategy.ROUND_ROBIN));
    DesiredState desired = cells(NETWORKS, 3);

    AllocationPlan plan = allocator.plan(desired);
    assertThatThrownBy(
            () ->
                allocator.allocate(
                    vm("b").from("v4").exactly("cells", block("2001:db8:4e04:d139::/80")).build()))
        .isInstanceOf(AllocationConflictException.class);

    assertThat(allocator.apply(desired).blocks()).isEqualTo(plan.blocks());
  }
}
