package io.dualstack.impl.allocation.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class OwnerIndexTest {
  private final OwnerIndex index = new OwnerIndex();

  @Test
  void the_hash_of_a_name_never_changes() {
    // The first is the test vector of the SipHash paper for an empty input.
    assertThat(OwnerIndex.hash("")).isEqualTo(0x726fdb47dd0e0e31L);
    assertThat(OwnerIndex.hash("diego_cell/0")).isEqualTo(-4058872007347429441L);
  }

  @Test
  void a_million_blocks_of_one_owner_take_no_more_room_than_one() {
    index.add(7);
    long one = index.heapBytes();
    for (int i = 1; i < 1_000_000; i++) {
      index.add(7);
    }

    assertThat(index.owners()).isEqualTo(1);
    assertThat(index.heapBytes()).isLessThan(one + 100);
    for (int i = 0; i < 1_000_000; i++) {
      assertThat(index.remove(7)).isTrue();
    }
    assertThat(index.contains(7)).isFalse();
    assertThat(index.remove(7)).isFalse();
  }

  @Test
  void churn_leaves_nothing_behind() {
    Random random = new Random(1);
    long[] owners = new long[5000];
    for (int round = 0; round < 40; round++) {
      for (int i = 0; i < owners.length; i++) {
        owners[i] = random.nextLong();
        index.add(owners[i]);
      }
      for (long owner : owners) {
        assertThat(index.remove(owner)).isTrue();
        assertThat(index.contains(owner)).isFalse();
      }
    }

    assertThat(index.owners()).isZero();
    assertThat(index.heapBytes()).isLessThan(5000 * 50);
  }

  @Test
  void the_hash_zero_is_an_owner_like_any_other() {
    assertThat(index.contains(0)).isFalse();
    assertThat(index.remove(0)).isFalse();

    index.add(0);

    assertThat(index.contains(0)).isTrue();
    assertThat(index.remove(0)).isTrue();
    assertThat(index.contains(0)).isFalse();
  }

  @Test
  void a_million_owners_take_less_than_twenty_five_bytes_each() {
    int many = 1_000_000;

    for (int i = 0; i < many; i++) {
      index.add(i);
    }

    assertThat(index.heapBytes() / many).isLessThan(25);
    assertThat(index.owners()).isEqualTo(many);
  }
}
