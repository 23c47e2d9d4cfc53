package io.dualstack.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.dualstack.LeaseConflictException;
import io.dualstack.PoolExhaustedException;
import io.dualstack.lease.CellLease;
import io.dualstack.lease.LeaseKind;
import io.dualstack.lease.LeasePool;
import io.dualstack.lease.LeaseRegistry;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.MacAddress;
import io.dualstack.testkit.TestClock;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What every {@link LeaseRegistry} must do. Extend it and say how a registry is opened.
 *
 * <p>Several registries are open at a time over one place, as in several processes; each must see
 * what the others had acknowledged.
 */
public abstract class LeaseRegistryContract {

  private static final int WRITERS = 8;
  private static final Duration EXPIRY = Duration.ofSeconds(100);

  /** Seven blocks of 32 addresses, and 31 single addresses. */
  private static final LeasePool POOL = new LeasePool(IpPrefix.parse("10.255.0.0/24"), 27, EXPIRY);

  private static final LeasePool WIDE = new LeasePool(IpPrefix.parse("10.255.0.0/16"), 24, EXPIRY);

  private final TestClock clock = TestClock.atNoon();

  /** Creates the suite. */
  protected LeaseRegistryContract() {}

  /**
   * Opens a registry; all of one test are over one place, which is empty at the start of the test.
   *
   * @param pool the pool
   * @param time the clock it reads
   * @return a registry that knows nothing but what the place tells it
   */
  protected abstract LeaseRegistry open(LeasePool pool, Clock time);

  private LeaseRegistry registry() {
    return open(POOL, clock);
  }

  private static IpAddress cell(int number) {
    return IpAddress.parse("192.168.0.0").plus(number);
  }

  private static CellLease lease(int cell, String subnet) {
    return CellLease.of(cell(cell), IpPrefix.parse(subnet));
  }

  private static List<CellLease> fill(LeaseRegistry registry, LeaseKind kind, int from, int to) {
    return IntStream.rangeClosed(from, to)
        .mapToObj(cell -> registry.acquire(cell(cell), kind))
        .toList();
  }

  private static void assertDisjoint(List<CellLease> leases) {
    List<CellLease> sorted = leases.stream().sorted().toList();
    for (int i = 1; i < sorted.size(); i++) {
      assertThat(sorted.get(i - 1).overlaySubnet().overlaps(sorted.get(i).overlaySubnet()))
          .as("%s overlaps %s", sorted.get(i - 1), sorted.get(i))
          .isFalse();
    }
    assertThat(leases).extracting(CellLease::underlayIp).doesNotHaveDuplicates();
    assertThat(leases).extracting(CellLease::hardwareAddress).doesNotHaveDuplicates();
  }

  // Acquiring

  @Test
  void a_new_registry_has_no_leases() {
    assertThat(registry().leases()).isEmpty();
  }

  @Test
  void hands_out_a_block_of_the_pool_with_the_hardware_address_that_belongs_to_it() {
    LeaseRegistry registry = registry();

    CellLease lease = registry.acquire(cell(1), LeaseKind.BLOCK);

    assertThat(POOL.kindOf(lease.overlaySubnet())).contains(LeaseKind.BLOCK);
    assertThat(lease).isEqualTo(CellLease.of(cell(1), lease.overlaySubnet()));
    assertThat(registry.leases()).containsExactly(lease);
  }

  @Test
  void hands_out_single_addresses_of_the_first_block() {
    CellLease lease = registry().acquire(cell(1), LeaseKind.SINGLE_ADDRESS);

    assertThat(lease.kind()).isEqualTo(LeaseKind.SINGLE_ADDRESS);
    assertThat(IpPrefix.parse("10.255.0.0/27").contains(lease.overlaySubnet())).isTrue();
  }

  @Test
  void hands_out_every_block_but_the_first_and_then_refuses() {
    LeaseRegistry registry = registry();

    List<CellLease> leases = fill(registry, LeaseKind.BLOCK, 1, 7);

    assertDisjoint(leases);
    assertThat(leases)
        .extracting(lease -> lease.overlaySubnet().toString())
        .containsExactlyInAnyOrder(
            "10.255.0.32/27",
            "10.255.0.64/27",
            "10.255.0.96/27",
            "10.255.0.128/27",
            "10.255.0.160/27",
            "10.255.0.192/27",
            "10.255.0.224/27");
    assertThatExceptionOfType(PoolExhaustedException.class)
        .isThrownBy(() -> registry.acquire(cell(8), LeaseKind.BLOCK));
    assertThat(registry.leases()).hasSize(7);
  }

  @Test
  void hands_out_every_single_address_but_the_first_and_then_refuses() {
    LeaseRegistry registry = registry();

    List<CellLease> leases = fill(registry, LeaseKind.SINGLE_ADDRESS, 1, 31);

    assertDisjoint(leases);
    assertThat(leases)
        .extracting(lease -> lease.overlaySubnet().toString())
        .contains("10.255.0.1/32", "10.255.0.31/32");
    assertThatExceptionOfType(PoolExhaustedException.class)
        .isThrownBy(() -> registry.acquire(cell(32), LeaseKind.SINGLE_ADDRESS));
  }

  @Test
  void the_kinds_do_not_use_up_each_other() {
    LeaseRegistry registry = registry();

    fill(registry, LeaseKind.BLOCK, 1, 7);

    assertThat(fill(registry, LeaseKind.SINGLE_ADDRESS, 8, 38)).hasSize(31);
    assertDisjoint(registry.leases());
  }

  @Test
  void picks_at_random() {
    LeaseRegistry registry = open(WIDE, clock);

    List<IpPrefix> inTurn =
        fill(registry, LeaseKind.BLOCK, 1, 20).stream().map(CellLease::overlaySubnet).toList();

    assertThat(inTurn).isNotEqualTo(inTurn.stream().sorted().toList());
  }

  @Test
  void a_cell_gets_the_lease_it_has_whatever_it_asks_for() {
    LeaseRegistry registry = registry();
    CellLease lease = registry.acquire(cell(1), LeaseKind.BLOCK);

    assertThat(registry.acquire(cell(1), LeaseKind.BLOCK)).isEqualTo(lease);
    assertThat(registry.acquire(cell(1), LeaseKind.SINGLE_ADDRESS)).isEqualTo(lease);
    assertThat(registry.leases()).hasSize(1);
  }

  @Test
  void getting_the_lease_it_has_does_not_renew_it() {
    LeaseRegistry registry = registry();
    CellLease lease = registry.acquire(cell(1), LeaseKind.BLOCK);

    clock.advance(EXPIRY.minusSeconds(1));
    assertThat(registry.acquire(cell(1), LeaseKind.BLOCK)).isEqualTo(lease);
    assertThat(registry.leases()).hasSize(1);
    clock.advance(Duration.ofSeconds(1));

    assertThat(registry.leases()).isEmpty();
    assertThat(registry.acquire(cell(1), LeaseKind.BLOCK)).isEqualTo(lease);
    assertThat(registry.leases()).isEmpty();
  }

  @Test
  void refuses_a_cell_that_is_named_by_an_ipv6_address() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> registry().acquire(IpAddress.parse("2001:db8::1"), LeaseKind.BLOCK));
  }

  @Test
  void a_lease_that_is_no_member_any_more_is_replaced() {
    CellLease before = registry().acquire(cell(1), LeaseKind.BLOCK);
    LeasePool moved = new LeasePool(IpPrefix.parse("10.254.0.0/24"), 27, EXPIRY);

    CellLease after = open(moved, clock).acquire(cell(1), LeaseKind.BLOCK);

    assertThat(moved.kindOf(after.overlaySubnet())).contains(LeaseKind.BLOCK);
    assertThat(registry().leases()).containsExactly(after).doesNotContain(before);
  }

  @Test
  void leases_of_another_cut_of_the_network_are_kept_clear_of() {
    LeasePool finer = new LeasePool(IpPrefix.parse("10.255.0.0/24"), 28, EXPIRY);
    List<CellLease> before = fill(registry(), LeaseKind.BLOCK, 1, 6);

    LeaseRegistry registry = open(finer, clock);
    List<CellLease> after = fill(registry, LeaseKind.BLOCK, 11, 13);

    List<CellLease> all = new ArrayList<>(before);
    all.addAll(after);
    assertDisjoint(all);
    assertThat(registry.leases()).containsExactlyInAnyOrderElementsOf(all);
    assertThatExceptionOfType(PoolExhaustedException.class)
        .isThrownBy(() -> registry.acquire(cell(14), LeaseKind.BLOCK));
  }

  // Expiry and reuse

  @Test
  void a_lease_is_active_for_its_expiry_and_not_a_second_longer() {
    LeaseRegistry registry = registry();
    registry.acquire(cell(1), LeaseKind.BLOCK);

    clock.advance(EXPIRY.minusSeconds(1));
    assertThat(registry.leases()).hasSize(1);
    clock.advance(Duration.ofSeconds(1));
    assertThat(registry.leases()).isEmpty();
  }

  @Test
  void renewing_starts_the_expiry_again() {
    LeaseRegistry registry = registry();
    CellLease lease = registry.acquire(cell(1), LeaseKind.BLOCK);

    clock.advance(EXPIRY.minusSeconds(1));
    registry.renew(lease);
    clock.advance(EXPIRY.minusSeconds(1));

    assertThat(registry.leases()).containsExactly(lease);
  }

  @Test
  void an_expired_lease_can_be_renewed_by_its_cell() {
    LeaseRegistry registry = registry();
    CellLease lease = registry.acquire(cell(1), LeaseKind.BLOCK);

    clock.advance(EXPIRY.multipliedBy(2));
    registry.renew(lease);

    assertThat(registry.leases()).containsExactly(lease);
  }

  @Test
  void expired_leases_are_left_alone_while_others_are_free() {
    LeaseRegistry registry = registry();
    CellLease expired = registry.acquire(cell(1), LeaseKind.BLOCK);
    clock.advance(EXPIRY);

    assertThat(fill(registry, LeaseKind.BLOCK, 2, 7))
        .extracting(CellLease::overlaySubnet)
        .doesNotContain(expired.overlaySubnet());
    assertThat(registry.acquire(cell(1), LeaseKind.BLOCK)).isEqualTo(expired);
  }

  @Test
  void when_all_are_held_the_one_that_expired_first_is_taken() {
    LeaseRegistry registry = registry();
    List<CellLease> leases = new ArrayList<>();
    for (int cell = 1; cell <= 7; cell++) {
      leases.add(registry.acquire(cell(cell), LeaseKind.BLOCK));
      clock.advance(Duration.ofSeconds(1));
    }
    registry.renew(leases.get(0));
    clock.advance(EXPIRY.minusSeconds(5));

    CellLease taken = registry.acquire(cell(8), LeaseKind.BLOCK);

    assertThat(taken).isEqualTo(CellLease.of(cell(8), leases.get(1).overlaySubnet()));
    assertThat(registry.leases()).contains(taken, leases.get(0)).doesNotContain(leases.get(1));
    assertThatExceptionOfType(LeaseConflictException.class)
        .isThrownBy(() -> registry.renew(leases.get(1)));
  }

  @Test
  void an_expired_lease_of_the_other_kind_is_of_no_use() {
    LeaseRegistry registry = registry();
    registry.acquire(cell(100), LeaseKind.SINGLE_ADDRESS);
    clock.advance(EXPIRY);
    fill(registry, LeaseKind.BLOCK, 1, 7);

    assertThatExceptionOfType(PoolExhaustedException.class)
        .isThrownBy(() -> registry.acquire(cell(8), LeaseKind.BLOCK));
  }

  @Test
  void a_renewal_through_another_registry_saves_a_lease_from_being_taken() {
    LeaseRegistry registry = registry();
    List<CellLease> leases = fill(registry, LeaseKind.BLOCK, 1, 7);
    clock.advance(EXPIRY.minusSeconds(10));
    LeaseRegistry other = registry();
    leases.stream().skip(1).forEach(other::renew);
    clock.advance(Duration.ofSeconds(10));

    CellLease taken = registry.acquire(cell(8), LeaseKind.BLOCK);

    assertThat(taken.overlaySubnet()).isEqualTo(leases.get(0).overlaySubnet());
    assertThatExceptionOfType(PoolExhaustedException.class)
        .isThrownBy(() -> registry.acquire(cell(9), LeaseKind.BLOCK));
  }

  // Renewing

  @Test
  void takes_down_a_lease_it_does_not_know() {
    LeaseRegistry registry = registry();
    CellLease claimed = lease(1, "10.255.0.64/27");

    registry.renew(claimed);

    assertThat(registry.leases()).containsExactly(claimed);
    assertThat(registry.acquire(cell(1), LeaseKind.BLOCK)).isEqualTo(claimed);
    assertThat(fill(registry, LeaseKind.BLOCK, 2, 7))
        .extracting(CellLease::overlaySubnet)
        .doesNotContain(claimed.overlaySubnet());
  }

  @Test
  void takes_down_a_single_address_it_does_not_know() {
    LeaseRegistry registry = registry();
    CellLease claimed = lease(1, "10.255.0.31/32");

    registry.renew(claimed);

    assertThat(registry.leases()).containsExactly(claimed);
  }

  @Test
  void refuses_a_claim_that_differs_from_what_it_knows_in_any_field() {
    LeaseRegistry registry = registry();
    CellLease known = lease(1, "10.255.0.64/27");
    registry.renew(known);

    assertThatExceptionOfType(LeaseConflictException.class)
        .isThrownBy(() -> registry.renew(lease(1, "10.255.0.96/27")))
        .satisfies(refusal -> assertThat(refusal.claimed()).isEqualTo(lease(1, "10.255.0.96/27")));
    assertThatExceptionOfType(LeaseConflictException.class)
        .isThrownBy(
            () ->
                registry.renew(
                    new CellLease(
                        cell(1), known.overlaySubnet(), MacAddress.of(0xeeee_0000_0001L))));
    assertThat(registry.leases()).containsExactly(known);
  }

  @Test
  void refuses_a_claim_on_what_another_cell_holds() {
    LeaseRegistry registry = registry();
    registry.renew(lease(1, "10.255.0.64/27"));

    assertThatExceptionOfType(LeaseConflictException.class)
        .isThrownBy(() -> registry.renew(lease(2, "10.255.0.64/27")));
    assertThatExceptionOfType(LeaseConflictException.class)
        .isThrownBy(
            () ->
                registry.renew(
                    new CellLease(
                        cell(2),
                        IpPrefix.parse("10.255.0.96/27"),
                        lease(1, "10.255.0.64/27").hardwareAddress())));
    assertThat(registry.leases()).containsExactly(lease(1, "10.255.0.64/27"));
  }

  @Test
  void refuses_a_claim_on_what_is_no_member_of_the_pool() {
    for (String subnet :
        List.of(
            "10.255.0.0/27",
            "10.255.0.0/32",
            "10.255.0.0/24",
            "10.255.0.64/28",
            "10.255.0.64/32",
            "10.254.0.64/27",
            "0.0.0.0/0")) {
      assertThatExceptionOfType(LeaseConflictException.class)
          .as(subnet)
          .isThrownBy(() -> registry().renew(lease(1, subnet)));
    }
    assertThat(registry().leases()).isEmpty();
  }

  // Releasing

  @Test
  void what_is_released_is_free() {
    LeaseRegistry registry = registry();
    List<CellLease> leases = fill(registry, LeaseKind.BLOCK, 1, 7);

    registry.release(cell(3));

    assertThat(registry.leases()).hasSize(6);
    assertThat(registry.acquire(cell(8), LeaseKind.BLOCK).overlaySubnet())
        .isEqualTo(leases.get(2).overlaySubnet());
  }

  @Test
  void releasing_twice_is_one_release_and_releasing_nothing_is_none() {
    LeaseRegistry registry = registry();
    registry.acquire(cell(1), LeaseKind.BLOCK);

    registry.release(cell(2));
    registry.release(cell(1));
    registry.release(cell(1));

    assertThat(registry.leases()).isEmpty();
  }

  @Test
  void a_released_lease_can_be_claimed_again_while_it_is_free() {
    LeaseRegistry registry = registry();
    CellLease lease = registry.acquire(cell(1), LeaseKind.BLOCK);
    registry.release(cell(1));

    registry.renew(lease);

    assertThat(registry.leases()).containsExactly(lease);
  }

  // Several registries of one place

  @Test
  void registries_see_what_others_had_acknowledged() {
    LeaseRegistry one = registry();
    LeaseRegistry other = registry();

    CellLease lease = one.acquire(cell(1), LeaseKind.BLOCK);
    assertThat(other.acquire(cell(1), LeaseKind.BLOCK)).isEqualTo(lease);
    assertThat(other.leases()).containsExactly(lease);
    other.release(cell(1));

    assertThat(one.leases()).isEmpty();
    assertThat(registry().leases()).isEmpty();
  }

  @Test
  void of_racing_cells_each_gets_a_lease_of_its_own_until_none_is_left() {
    for (int round = 0; round < 10; round++) {
      int base = round * WRITERS;
      List<LeaseRegistry> registries = List.of(registry(), registry(), registry());

      List<CellLease> won =
          race(
              writer -> {
                try {
                  return List.of(
                      registries
                          .get(writer % registries.size())
                          .acquire(cell(base + writer), LeaseKind.BLOCK));
                } catch (PoolExhaustedException e) {
                  return List.of();
                }
              });

      // Eight cells for seven blocks.
      assertThat(won).hasSize(7);
      assertDisjoint(won);
      assertThat(registry().leases()).containsExactlyInAnyOrderElementsOf(won);
      won.forEach(lease -> registries.get(0).release(lease.underlayIp()));
    }
  }

  @Test
  void a_cell_that_asks_many_registries_at_once_gets_one_lease() {
    for (int round = 0; round < 20; round++) {
      IpAddress asking = cell(round);
      List<LeaseRegistry> registries = List.of(registry(), registry(), registry());

      List<CellLease> answers =
          race(
              writer ->
                  List.of(
                      registries
                          .get(writer % registries.size())
                          .acquire(
                              asking,
                              writer % 2 == 0 ? LeaseKind.BLOCK : LeaseKind.SINGLE_ADDRESS)));

      assertThat(new HashSet<>(answers)).hasSize(1);
      assertThat(registry().leases()).containsExactly(answers.get(0));
      registries.get(1).release(asking);
    }
  }

  @Test
  void of_racing_claims_on_one_subnet_exactly_one_wins() {
    for (int round = 0; round < 10; round++) {
      List<LeaseRegistry> registries = List.of(registry(), registry(), registry());

      List<CellLease> won =
          race(
              writer -> {
                CellLease claimed = lease(writer, "10.255.0.64/27");
                try {
                  registries.get(writer % registries.size()).renew(claimed);
                  return List.of(claimed);
                } catch (LeaseConflictException e) {
                  return List.of();
                }
              });

      assertThat(won).hasSize(1);
      assertThat(registry().leases()).isEqualTo(won);
      registries.get(0).release(won.get(0).underlayIp());
    }
  }

  @Test
  void an_expired_lease_is_taken_once_or_renewed_but_never_both() {
    for (int round = 0; round < 10; round++) {
      int base = 100 * round;
      LeaseRegistry first = registry();
      List<CellLease> old = fill(first, LeaseKind.BLOCK, base, base + 6);
      clock.advance(EXPIRY);
      List<LeaseRegistry> registries = List.of(registry(), registry(), first);

      List<CellLease> won =
          race(
              writer -> {
                LeaseRegistry registry = registries.get(writer % registries.size());
                try {
                  if (writer % 2 == 0) {
                    registry.renew(old.get(writer / 2));
                    return List.of(old.get(writer / 2));
                  }
                  return List.of(registry.acquire(cell(base + 50 + writer), LeaseKind.BLOCK));
                } catch (LeaseConflictException | PoolExhaustedException e) {
                  // Taken before it was renewed, or all four renewed before the last was taken.
                  return List.of();
                }
              });

      assertThat(won).hasSizeGreaterThanOrEqualTo(4);
      assertDisjoint(won);
      assertThat(registry().leases()).containsExactlyInAnyOrderElementsOf(won);
      Set<IpAddress> all = new TreeSet<>();
      old.forEach(lease -> all.add(lease.underlayIp()));
      won.forEach(lease -> all.add(lease.underlayIp()));
      all.forEach(first::release);
    }
  }

  @Test
  void no_lease_overlaps_another_while_many_come_and_go() {
    List<LeaseRegistry> registries =
        List.of(open(WIDE, clock), open(WIDE, clock), open(WIDE, clock));

    List<CellLease> kept =
        race(
            writer -> {
              LeaseRegistry registry = registries.get(writer % registries.size());
              List<CellLease> own = new ArrayList<>();
              for (int n = 0; n < 30; n++) {
                CellLease lease =
                    registry.acquire(
                        cell(1000 * (writer + 1) + n),
                        n % 3 == 0 ? LeaseKind.SINGLE_ADDRESS : LeaseKind.BLOCK);
                registry.renew(lease);
                if (n % 2 == 0) {
                  registry.release(lease.underlayIp());
                } else {
                  own.add(lease);
                }
              }
              return own;
            });

    assertThat(kept).hasSize(WRITERS * 15);
    assertDisjoint(kept);
    assertThat(open(WIDE, clock).leases()).containsExactlyInAnyOrderElementsOf(kept);
  }

  private static List<CellLease> race(IntFunction<List<CellLease>> runner) {
    return Race.run(WRITERS, writer -> () -> runner.apply(writer)).stream()
        .flatMap(List::stream)
        .toList();
  }
}
