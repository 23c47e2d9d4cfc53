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
  void a_million_blocks_of_one_owner_cost_no_more_than_of_a_million_owners() {
    int many = 1_000_000;

    for (int i = 0; i < many; i++) {
      index.put(7, 0x2001_0db8L << 32 | i >>> 16, (long) i << 48, 80);
    }

    assertThat(index.size()).isEqualTo(many);
    assertThat(index.owners()).isEqualTo(1);
    assertThat(index.removeAll(7, (high, low, length) -> {})).isEqualTo(many);
    assertThat(index.contains(7)).isFalse();
    assertThat(index.size()).isZero();
  }

  @Test
  void churn_leaves_nothing_behind() {
    Random random = new Random(1);
    long[] owners = new long[5000];
    for (int round = 0; round < 40; round++) {
      for (int i = 0; i < owners.length; i++) {
        owners[i] = random.nextLong();
        assertThat(index.put(owners[i], 0, i, 128)).isTrue();
      }
      for (int i = 0; i < owners.length; i++) {
        assertThat(index.remove(owners[i], 0, i, 128)).isTrue();
        assertThat(index.contains(owners[i])).isFalse();
      }
    }

    assertThat(index.size()).isZero();
    assertThat(index.owners()).isZero();
    assertThat(index.heapBytes()).isLessThan(5000 * 100);
  }

  @Test
  void a_million_entries_take_less_than_eighty_bytes_each() {
    int many = 1_000_000;

    for (int i = 0; i < many; i++) {
      index.put(i, 0, i, 128);
    }

    assertThat(index.heapBytes() / many).isLessThan(80);
  }
}
