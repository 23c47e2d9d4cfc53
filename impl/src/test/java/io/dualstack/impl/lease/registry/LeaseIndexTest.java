package io.dualstack.impl.lease.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.impl.allocation.store.memory.MemoryAllocationStore;
import io.dualstack.lease.LeaseKind;
import io.dualstack.lease.LeasePool;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import io.dualstack.testkit.TestClock;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LeaseIndexTest {

  private final AllocationStore store = new MemoryAllocationStore();
  private final TestClock clock = TestClock.atNoon();

  private StoreLeaseRegistry registry(LeasePool pool) {
    return new StoreLeaseRegistry(store, pool, clock, new Random(42));
  }

  @Test
  void a_pool_of_millions_costs_memory_for_what_is_used_only() {
    LeasePool pool = LeasePool.of(IpPrefix.parse("10.0.0.0/8"), 30);
    StoreLeaseRegistry registry = registry(pool);

    registry.acquire(IpAddress.parse("192.168.0.1"), LeaseKind.BLOCK);

    registry.index().follow();
    assertThat(registry.index().free(LeaseKind.BLOCK)).isEqualTo((1 << 22) - 2);
    assertThat(registry.index().free(LeaseKind.SINGLE_ADDRESS)).isEqualTo(3);
    assertThat(registry.index().heldSubnets()).hasSize(1);
  }

  @Test
  void a_lease_of_a_wider_cut_uses_every_member_within_it() {
    LeasePool wide = LeasePool.of(IpPrefix.parse("10.255.0.0/16"), 24);
    LeasePool narrow = LeasePool.of(IpPrefix.parse("10.255.0.0/16"), 28);
    registry(wide)
        .renew(
            io.dualstack.lease.CellLease.of(
                IpAddress.parse("192.168.0.1"), IpPrefix.parse("10.255.7.0/24")));

    LeaseIndex index = registry(narrow).index();
    index.follow();

    assertThat(index.free(LeaseKind.BLOCK)).isEqualTo(4095 - 16);
    assertThat(index.free(LeaseKind.SINGLE_ADDRESS)).isEqualTo(15);
  }

  @Test
  void renewals_are_written_down_to_a_thousandth_of_the_expiry() {
    StoreLeaseRegistry registry = registry(LeasePool.of(IpPrefix.parse("10.255.0.0/16"), 24));
    var lease = registry.acquire(IpAddress.parse("192.168.0.1"), LeaseKind.BLOCK);
    long before = store.revision();

    clock.advance(Duration.ofSeconds(603));
    registry.renew(lease);
    long soon = store.revision();
    clock.advance(Duration.ofSeconds(1));
    registry.renew(lease);

    assertThat(soon).isEqualTo(before);
    assertThat(store.revision()).isEqualTo(before + 1);
  }

  @Test
  void counts_leases_as_the_silk_controller_does() {
    StoreLeaseRegistry registry = registry(LeasePool.of(IpPrefix.parse("10.255.0.0/16"), 24));
    registry.acquire(IpAddress.parse("192.168.0.1"), LeaseKind.BLOCK);
    registry.acquire(IpAddress.parse("192.168.0.2"), LeaseKind.SINGLE_ADDRESS);
    clock.advance(Duration.ofHours(1));
    registry.acquire(IpAddress.parse("192.168.0.3"), LeaseKind.BLOCK);

    assertThat(registry.usage(Duration.ofHours(1))).isEqualTo(new LeaseUsage(3, 252, 2));
  }
}
