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
import io.dualstack.allocation.BlockState;
import io.dualstack.allocation.DesiredState;
import io.dualstack.allocation.HistoryEntry;
import io.dualstack.allocation.LeakReport;
import io.dualstack.allocation.NetworkDefinition;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.allocation.Owner;
import io.dualstack.allocation.OwnerScope;
import io.dualstack.allocation.PlannedAction;
import io.dualstack.allocation.PlannedBlock;
import io.dualstack.allocation.PrefixAllocator;
import io.dualstack.allocation.PrefixChooser;
import io.dualstack.allocation.ReleaseOutcome;
import io.dualstack.allocation.Subnet;
import io.dualstack.allocation.Utilization;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import io.dualstack.testkit.TestClock;
import java.math.BigInteger;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/**
 * What every {@link PrefixAllocator} must do. Extend it, say how to make one, and run it as a test
 * class.
 */
public abstract class PrefixAllocatorContract {

  /** The network of the dual-stack RFC: a /64 of which the first /80 is reserved. */
  protected static final NetworkDefinition.Manual CELLS =
      new NetworkDefinition.Manual(
          "cells",
          List.of(
              Subnet.of(IpPrefix.parse("2001:db8:4e04:d139::/64"))
                  .prefixLength(80)
                  .gateway(IpAddress.parse("2001:db8:4e04:d139::1"))
                  .reserved(IpSet.of(IpRange.parse("2001:db8:4e04:d139::/80")))
                  .build()));

  /** Single IPv6 addresses out of the first /80 of the same /64. */
  protected static final NetworkDefinition.Manual V6 =
      new NetworkDefinition.Manual(
          "v6",
          List.of(
              Subnet.of(IpPrefix.parse("2001:db8:4e04:d139::/64"))
                  .gateway(IpAddress.parse("2001:db8:4e04:d139::1"))
                  .reserved(
                      IpSet.of(
                          IpRange.parse(
                              "2001:db8:4e04:d139:1::-2001:db8:4e04:d139:ffff:ffff:ffff:ffff")))
                  .build()));

  /** Single IPv4 addresses with reserved and static ones. */
  protected static final NetworkDefinition.Manual V4 =
      new NetworkDefinition.Manual(
          "v4",
          List.of(
              Subnet.of(IpPrefix.parse("192.0.2.0/27"))
                  .gateway(IpAddress.parse("192.0.2.1"))
                  .reserved(IpSet.of(IpRange.parse("192.0.2.2-192.0.2.3")))
                  .statics(IpSet.of(IpRange.parse("192.0.2.8-192.0.2.11")))
                  .build()));

  private static final NetworkSet NETWORKS = NetworkSet.of(V4, V6, CELLS);

  /** The clock that the allocators of a test read. */
  protected final TestClock clock = TestClock.atNoon();

  /** Creates the suite. */
  protected PrefixAllocatorContract() {}

  /**
   * Returns an allocator over the one store of this test; the first call of a test makes the store,
   * empty.
   *
   * @param options how the allocator behaves
   * @param time the clock it reads
   * @return an allocator that knows nothing but what the store tells it
   */
  protected abstract PrefixAllocator allocator(AllocatorOptions options, Clock time);

  private PrefixAllocator allocator(AllocatorOptions options) {
    PrefixAllocator allocator = allocator(options, clock);
    allocator.define(NETWORKS);
    return allocator;
  }

  private PrefixAllocator allocator() {
    return allocator(AllocatorOptions.DEFAULT);
  }

  private static AllocationRequest.Builder vm(String id) {
    return AllocationRequest.forOwner(id).incarnation("1");
  }

  private static IpPrefix block(String text) {
    return IpPrefix.parse(text);
  }

  private static List<String> texts(Allocation allocation) {
    return allocation.blocks().stream().map(held -> held.block().toString()).toList();
  }

  // --- choosing -------------------------------------------------------------------------------

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

  // --- owners ---------------------------------------------------------------------------------

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

  // --- releasing ------------------------------------------------------------------------------

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

  // --- cool-down ------------------------------------------------------------------------------

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

  // --- reserving and excluding ----------------------------------------------------------------

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

  // --- desired state --------------------------------------------------------------------------

  private static DesiredState cells(NetworkSet networks, int count) {
    List<AllocationRequest> requests = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      requests.add(vm("cf/cell/" + i).from("v4").from("cells").build());
    }
    return new DesiredState(networks, OwnerScope.below("cf"), requests);
  }

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

  // --- audit trail ----------------------------------------------------------------------------

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

  // --- leaks ----------------------------------------------------------------------------------

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

  // --- many at once ---------------------------------------------------------------------------

  /**
   * Two allocators over one store, many threads.
   *
   * @throws Exception if a caller failed
   */
  @Test
  public void many_threads_over_two_allocators_never_get_overlapping_blocks() throws Exception {
    List<PrefixAllocator> allocators = List.of(allocator(), allocator());
    int callers = 16;
    ExecutorService threads = Executors.newFixedThreadPool(callers);
    List<Future<?>> work = new ArrayList<>();
    for (int i = 0; i < callers; i++) {
      int caller = i;
      work.add(
          threads.submit(
              () -> {
                PrefixAllocator allocator = allocators.get(caller % 2);
                for (int round = 0; round < 20; round++) {
                  String id = "vm/" + caller + "/" + round;
                  int length = 80 + 8 * (round % 7);
                  allocator.allocate(vm(id).from("cells", length).build());
                  if (round % 3 == 0) {
                    allocator.release(new Owner(id), "1");
                  }
                }
                return null;
              }));
    }
    for (Future<?> future : work) {
      future.get();
    }
    threads.shutdown();

    List<AllocatedBlock> held = allocators.get(0).blocks(OwnerScope.ALL);
    assertThat(held).hasSize(callers * 13);
    assertDisjoint(held);
    assertThat(allocators.get(0).utilization()).isEqualTo(allocators.get(1).utilization());
  }

  /**
   * The same owner from many threads.
   *
   * @throws Exception if a caller failed
   */
  @Test
  public void one_owner_asking_from_many_threads_gets_one_answer() throws Exception {
    List<PrefixAllocator> allocators = List.of(allocator(), allocator());
    ExecutorService threads = Executors.newFixedThreadPool(8);
    List<Future<Allocation>> answers = new ArrayList<>();
    for (int i = 0; i < 32; i++) {
      PrefixAllocator allocator = allocators.get(i % 2);
      answers.add(
          threads.submit(() -> allocator.allocate(vm("a").from("v4").from("cells").build())));
    }
    Set<List<String>> distinct = new HashSet<>();
    for (Future<Allocation> answer : answers) {
      distinct.add(texts(answer.get()));
    }
    threads.shutdown();

    assertThat(distinct).hasSize(1);
    assertThat(allocators.get(0).blocks(OwnerScope.ALL)).hasSize(2);
  }

  /** A new allocator sees all that an earlier one did. */
  @Test
  public void an_allocator_opened_later_goes_on_where_the_earlier_one_ended() {
    PrefixAllocator before = allocator();
    before.apply(cells(NETWORKS, 5));

    PrefixAllocator after = allocator(AllocatorOptions.DEFAULT, clock);

    assertThat(after.networks()).isEqualTo(NETWORKS);
    assertThat(after.utilization()).isEqualTo(before.utilization());
    assertThat(texts(after.allocate(vm("next").from("cells").build())))
        .containsExactly("2001:db8:4e04:d139:6::/80");
  }

  private static void assertDisjoint(List<AllocatedBlock> blocks) {
    for (int i = 1; i < blocks.size(); i++) {
      assertThat(blocks.get(i - 1).block().overlaps(blocks.get(i).block()))
          .as("%s and %s overlap", blocks.get(i - 1), blocks.get(i))
          .isFalse();
    }
  }
}
