package io.dualstack.impl.allocation.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FreeSpaceTest {
  @Test
  void hands_out_the_prefixes_of_the_rfc_s_example_in_order() {
    FreeSpace space = space("2001:db8:4e04:d139::/64");
    space.occupy(prefix("2001:db8:4e04:d139::/80"));

    assertThat(space.allocateLowest(80)).contains(prefix("2001:db8:4e04:d139:1::/80"));
    assertThat(space.allocateLowest(80)).contains(prefix("2001:db8:4e04:d139:2::/80"));
    assertThat(space.freeBlocks(80)).isEqualTo(65533);
  }

  @Test
  void a_single_address_makes_its_prefix_unavailable_but_not_the_rest_of_it() {
    FreeSpace space = space("2001:db8::/64");
    space.occupy(prefix("2001:db8::5/128"));

    assertThat(space.lowest(80)).contains(prefix("2001:db8:0:0:1::/80"));
    assertThat(space.lowest(128)).contains(prefix("2001:db8::/128"));
    assertThat(space.lowestAtOrAfter(address("2001:db8::5"), 128))
        .contains(prefix("2001:db8::6/128"));
  }

  @ParameterizedTest
  @CsvSource({
    "255.255.255.0/24, 32, 255.255.255.0/32",
    "255.255.255.255/32, 32, 255.255.255.255/32",
    "0.0.0.0/0, 0, 0.0.0.0/0",
    "0.0.0.0/0, 32, 0.0.0.0/32",
    "::/0, 0, ::/0",
    "::/0, 128, ::/128",
    "ffff:ffff:ffff:ffff::/64, 80, ffff:ffff:ffff:ffff::/80",
    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128, 128, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128",
    "::1:0:0/96, 112, ::1:0:0/112",
    "::/96, 128, ::/128",
  })
  void finds_the_first_block_of_a_free_range(String range, int length, String first) {
    assertThat(space(range).lowest(length)).contains(prefix(first));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "255.255.255.0/24",
        "0.0.0.0/24",
        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ff00/120",
        "2001:db8:0:ff00::/56",
        "::/8",
        "192.0.0.0/8"
      })
  void can_be_filled_to_the_last_block_and_emptied_again(String range) {
    FreeSpace space = space(range);
    int length = space.range().length() + 8;
    List<IpPrefix> blocks = new ArrayList<>();

    for (IpPrefix expected : space.range().split(length)) {
      assertThat(space.allocateLowest(length)).contains(expected);
      blocks.add(expected);
    }

    assertThat(space.allocateLowest(length)).isEmpty();
    assertThat(space.largestFreeLength()).isEmpty();
    assertThat(space.freeAddresses()).isZero();
    assertThat(space.isOccupied(space.range())).isTrue();
    blocks.forEach(block -> assertThat(space.free(block)).isTrue());
    assertThat(space.isFree(space.range())).isTrue();
    assertThat(space.freeAddresses()).isEqualTo(space.range().size());
    assertThat(TreeInvariants.nodes(space)).isZero();
  }

  @Test
  void the_whole_ipv6_space_can_be_occupied_and_holes_freed() {
    FreeSpace space = space("::/0");
    assertThat(space.freeAddresses()).isEqualTo(BigInteger.TWO.pow(128));

    assertThat(space.occupy(prefix("::/0"))).isTrue();
    assertThat(space.freeAddresses()).isZero();
    assertThat(space.free(prefix("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128"))).isTrue();
    TreeInvariants.check(space);

    assertThat(space.lowest(128)).contains(prefix("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128"));
    assertThat(space.lowest(127)).isEmpty();
    assertThat(space.freeByLength()).isEqualTo(Map.of(128, BigInteger.ONE));
  }

  @Test
  void a_part_of_an_occupied_block_can_be_freed_and_blocks_occupied_in_pieces_as_one() {
    FreeSpace space = space("10.0.0.0/16");
    space.occupy(prefix("10.0.4.0/22"));
    space.occupy(prefix("10.0.8.0/24"));
    space.occupy(prefix("10.0.9.0/24"));
    space.occupy(prefix("10.0.10.0/23"));

    assertThat(space.free(prefix("10.0.5.0/24"))).isTrue();
    assertThat(space.free(prefix("10.0.4.0/22"))).isFalse();
    assertThat(space.isOccupied(prefix("10.0.4.0/24"))).isTrue();
    assertThat(space.free(prefix("10.0.8.0/22"))).isTrue();
    assertThat(space.isFree(prefix("10.0.8.0/21"))).isTrue();
    TreeInvariants.check(space);
  }

  @Test
  void fragmentation_shows_by_length() {
    FreeSpace space = space("192.0.2.0/24");
    space.occupy(prefix("192.0.2.0/32"));

    assertThat(space.freeByLength().keySet()).containsExactly(25, 26, 27, 28, 29, 30, 31, 32);
    assertThat(space.freeByLength().values()).containsOnly(BigInteger.ONE);
    assertThat(space.largestFreeLength()).contains(25);
    assertThat(space.freeBlocks(28)).isEqualTo(15);
    assertThat(space.freeBlocks(23)).isZero();
  }

  @Test
  void a_start_before_the_range_means_its_first_address_and_one_behind_it_finds_nothing() {
    FreeSpace space = space("10.1.0.0/16");

    assertThat(space.lowestAtOrAfter(address("10.0.0.1"), 24)).contains(prefix("10.1.0.0/24"));
    assertThat(space.lowestAtOrAfter(address("10.1.255.1"), 24)).isEmpty();
    assertThat(space.lowestAtOrAfter(address("10.2.0.0"), 24)).isEmpty();
    assertThat(space.lowestAtOrAfter(address("10.1.3.0"), 24)).contains(prefix("10.1.3.0/24"));
    assertThat(space.lowestAtOrAfter(address("10.1.3.1"), 24)).contains(prefix("10.1.4.0/24"));
  }

  @Test
  void a_length_shorter_than_the_range_s_has_no_block() {
    FreeSpace space = space("10.1.0.0/16");

    assertThat(space.lowest(15)).isEmpty();
    assertThat(space.allocateLowest(0)).isEmpty();
    assertThat(space.allocateLowest(8, new BlockCursor())).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.0/24", "10.0.0.0/8", "2001:db8::/64", "10.2.0.0/32"})
  void refuses_a_block_outside_the_range(String block) {
    FreeSpace space = space("10.1.0.0/16");

    assertThatThrownBy(() -> space.occupy(prefix(block)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(block.startsWith("2001") ? "2001:db8::: is" : block + ": is not")
        .hasMessageContaining("10.1.0.0/16");
    assertThatThrownBy(() -> space.free(prefix(block)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> space.isFree(prefix(block)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> space.forEachFree(prefix(block), (high, low, length) -> {}))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(space.isFree(space.range())).isTrue();
  }

  @Test
  void refuses_numbers_that_are_no_block() {
    FreeSpace space = space("10.1.0.0/16");

    assertThatThrownBy(() -> space.occupy(0, 0x0a01_0001L, 24))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "10.1.0.1/24: is not a block inside 10.1.0.0/16; use one that lies in it and has no"
                + " host bits set");
    assertThatThrownBy(() -> space.occupy(1, 0x0a01_0000L, 24))
        .hasMessageStartingWith("0x1000000000a010000/24: is not a block");
    assertThatThrownBy(() -> space.free(0, 0x0a01_0000L, 33))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> space.lowest(33))
        .hasMessage("/33: IPv4 has no such prefix length; use 0 to 32");
    assertThatThrownBy(() -> space.lowest(-1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_lone_address_in_a_wide_range_costs_one_node() {
    FreeSpace space = space("2000::/3");

    space.occupy(prefix("2001:db8::1/128"));

    assertThat(TreeInvariants.nodes(space)).isEqualTo(1);
    assertThat(space.freeByLength()).hasSize(125);
  }

  @Test
  void a_node_goes_when_the_one_below_it_is_no_longer_what_it_was_kept_for() {
    FreeSpace space = space("10.0.0.0/8");
    space.occupy(prefix("10.0.0.0/14"));
    space.free(prefix("10.0.0.0/20"));
    space.occupy(prefix("10.0.0.5/32"));
    assertThat(TreeInvariants.nodes(space)).as("for /8, /14 and the address").isEqualTo(3);

    space.free(prefix("10.0.16.0/20"));

    assertThat(TreeInvariants.nodes(space)).as("for /14 and the address").isEqualTo(2);
    TreeInvariants.check(space);
  }

  @Test
  void scattered_addresses_take_little_heap_and_hide_no_larger_block() {
    FreeSpace space = space("2001:db8::/48");
    Random random = new Random(7);
    int many = 200_000;
    for (int i = 0; i < many; i++) {
      space.occupy(0x2001_0db8_0000_0000L | random.nextInt(1 << 16), random.nextLong(), 128);
    }
    TreeInvariants.check(space);

    assertThat(space.heapBytes() / many).isLessThan(80);
    Optional<IpPrefix> lowest = space.lowest(80);
    assertThat(lowest).isPresent();
    assertThat(space.isFree(lowest.orElseThrow())).isTrue();

    space.freeRest(space.range());
    assertThat(TreeInvariants.nodes(space)).isZero();
    TreeInvariants.check(space);
  }

  @Test
  void long_churn_of_one_length_equals_a_sorted_set_and_leaks_nothing() {
    FreeSpace space = space("2001:db8::/64");
    TreeSet<Integer> free = new TreeSet<>();
    for (int i = 0; i < 1 << 14; i++) {
      free.add(i);
    }
    space.occupyRest(prefix("2001:db8::/64"));
    space.free(prefix("2001:db8::/66"));
    Random random = new Random(3);
    BlockCursor at = new BlockCursor();
    long high = 0x2001_0db8_0000_0000L;

    for (int round = 0; round < 60; round++) {
      // Phases of filling and of emptying, so that nodes fill up, empty and change their size.
      int share = new int[] {20, 50, 90}[round % 3];
      for (int step = 0; step < 5000; step++) {
        if (random.nextInt(100) < share) {
          Integer lowest = free.pollFirst();
          assertThat(space.allocateLowest(80, at)).isEqualTo(lowest != null);
          if (lowest != null) {
            assertThat(at.low()).isEqualTo((long) lowest << 48);
          }
        } else {
          int index = random.nextInt(1 << 14);
          assertThat(space.free(high, (long) index << 48, 80)).isEqualTo(free.add(index));
        }
      }
      TreeInvariants.check(space);
      assertThat(space.freeBlocks(80)).isEqualTo(free.size());
    }

    space.freeRest(space.range());
    assertThat(TreeInvariants.nodes(space)).isZero();
    assertThat(space.heapBytes()).isLessThan(200_000);
  }

  private static FreeSpace space(String range) {
    return FreeSpace.of(prefix(range));
  }

  private static IpPrefix prefix(String text) {
    return IpPrefix.parse(text);
  }

  private static IpAddress address(String text) {
    return IpAddress.parse(text);
  }
}
