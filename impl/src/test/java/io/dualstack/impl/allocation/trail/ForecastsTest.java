package io.dualstack.impl.allocation.trail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.AllocationRequest;
import io.dualstack.allocation.AllocatorOptions;
import io.dualstack.allocation.Forecast;
import io.dualstack.allocation.NetworkDefinition;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.allocation.Owner;
import io.dualstack.allocation.PrefixAllocator;
import io.dualstack.allocation.Subnet;
import io.dualstack.impl.allocation.StoreBackedAllocator;
import io.dualstack.impl.allocation.store.memory.MemoryAllocationStore;
import io.dualstack.net.IpPrefix;
import io.dualstack.testkit.TestClock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ForecastsTest {
  private static final Duration MONTH = Duration.ofDays(30);

  private final MemoryAllocationStore store = new MemoryAllocationStore();
  private final TestClock time = TestClock.atNoon();
  private final PrefixAllocator allocator =
      new StoreBackedAllocator(store, AddressSpace.DEFAULT, AllocatorOptions.DEFAULT, time);

  @BeforeEach
  void define() {
    allocator.define(
        NetworkSet.of(
            new NetworkDefinition.Manual(
                "v4", List.of(Subnet.of(IpPrefix.parse("10.0.0.0/24")).build())),
            new NetworkDefinition.Manual(
                "v6",
                List.of(Subnet.of(IpPrefix.parse("2001:db8::/64")).prefixLength(80).build()))));
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void allocate(String owner, String... networks) {
    AllocationRequest.Builder request = AllocationRequest.forOwner(owner);
    for (String network : networks) {
      request.from(network);
    }
    allocator.allocate(request.build());
  }

  private void days(int days) {
    time.advance(Duration.ofDays(days));
  }

  private Forecast v4() {
    return allocator.forecast(MONTH).get(0);
  }

  @Test
  void steady_growth_goes_on() {
    for (int day = 0; day < 10; day++) {
      for (int n = 0; n < 8; n++) {
        allocate("cf/cell/%d-%d".formatted(day, n), "v4", "v6");
      }
      days(1);
    }

    List<Forecast> forecasts = allocator.forecast(MONTH);

    assertThat(forecasts).extracting(Forecast::network).containsExactly("v4", "v6");
    assertThat(v4().observed()).isEqualTo(Duration.ofDays(10));
    // 254 addresses of which 80 are taken; the last day brought none.
    assertThat(v4().growthPerDay()).isCloseTo(8, within(0.5));
    assertThat(v4().timeUntilFull().orElseThrow().toDays()).isBetween(20L, 24L);
    assertThat(forecasts.get(1).growthPerDay()).isCloseTo(8, within(0.5));
    assertThat(forecasts.get(1).timeUntilFull().orElseThrow().toDays()).isGreaterThan(8_000);
  }

  @Test
  void what_was_released_does_not_count() {
    for (int day = 0; day < 10; day++) {
      allocate("cf/cell/" + day, "v4");
      days(1);
      allocator.release(new Owner("cf/cell/" + day));
    }

    assertThat(v4().growthPerDay()).isCloseTo(0, within(0.2));
  }

  @Test
  void what_empties_is_never_full() {
    for (int n = 0; n < 100; n++) {
      allocate("cf/cell/" + n, "v4");
    }
    for (int n = 0; n < 100; n += 10) {
      days(1);
      for (int i = n; i < n + 10; i++) {
        allocator.release(new Owner("cf/cell/" + i));
      }
    }

    assertThat(v4().growthPerDay()).isCloseTo(-10, within(0.1));
    assertThat(v4().timeUntilFull()).isEmpty();
  }

  @Test
  void only_the_window_counts() {
    for (int day = 0; day < 20; day++) {
      allocate("cf/cell/" + day, "v4");
      days(1);
    }
    days(20);

    assertThat(allocator.forecast(Duration.ofDays(10)).get(0).growthPerDay()).isZero();
    assertThat(allocator.forecast(Duration.ofDays(10)).get(0).observed())
        .isEqualTo(Duration.ofDays(10));
    assertThat(allocator.forecast(Duration.ofDays(40)).get(0).growthPerDay()).isPositive();
  }

  @Test
  void before_a_day_has_passed_nothing_is_known() {
    assertThat(v4().observed()).isZero();

    allocate("cf/cell/0", "v4");
    time.advance(Duration.ofHours(23));

    assertThat(v4().observed()).isEqualTo(Duration.ofHours(23));
    assertThat(v4().growthPerDay()).isZero();
    assertThat(v4().timeUntilFull()).isEmpty();
  }

  @Test
  void a_full_subnet_is_full_now() {
    for (int n = 0; n < 254; n++) {
      allocate("cf/cell/" + n, "v4");
    }

    assertThat(v4().timeUntilFull()).contains(Duration.ZERO);
  }

  @Test
  void a_clock_that_was_set_back_does_no_harm() {
    allocate("cf/cell/0", "v4");
    days(-2);

    assertThat(v4().observed()).isZero();
    assertThat(v4().growthPerDay()).isZero();
  }
}
