package io.dualstack.impl.allocation.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.InvalidConfigurationException;
import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.AllocationKind;
import io.dualstack.allocation.Owner;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.impl.allocation.check.StoreCheck;
import io.dualstack.impl.allocation.store.memory.MemoryAllocationStore;
import io.dualstack.net.IpPrefix;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BlockImportTest {
  private static final Instant NOON = Instant.parse("2026-11-24T12:00:00.123Z");
  private final AllocationStore store = new MemoryAllocationStore();

  @AfterEach
  void everything_is_sound() {
    assertThat(StoreCheck.run(store).findings()).isEmpty();
    store.close();
  }

  private static AllocatedBlock held(String block, String owner, String network) {
    return AllocatedBlock.active(
        IpPrefix.parse(block),
        new Owner(owner),
        "vm-1",
        network,
        null,
        AllocationKind.DYNAMIC,
        NOON);
  }

  private int imports(AllocatedBlock... blocks) {
    return BlockImport.run(
        store,
        AddressSpace.DEFAULT,
        Stream.of(blocks).map(held -> new ImportedBlock("of " + held.block(), held)).toList());
  }

  private List<AllocatedBlock> blocks() {
    return store.snapshot(AddressSpace.DEFAULT).blocks();
  }

  private void assertRefused(String words, AllocatedBlock... blocks) {
    List<AllocatedBlock> before = blocks();

    assertThatThrownBy(() -> imports(blocks))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining(words);
    assertThat(blocks()).isEqualTo(before);
  }

  @Test
  void blocks_are_there_as_they_were() {
    AllocatedBlock now = held("10.0.0.2/32", "cf/a/0", "n");
    AllocatedBlock old = held("10.0.0.9/32", "cf/a/0", "n").obsolete();

    assertThat(imports(now, old)).isEqualTo(2);
    assertThat(blocks()).containsExactly(now, old);
    assertThat(store.revision()).isEqualTo(1);
  }

  @Test
  void the_same_again_changes_nothing_and_more_adds_the_rest() {
    AllocatedBlock one = held("10.0.0.2/32", "cf/a/0", "n");
    AllocatedBlock two = held("2001:db8::/80", "cf/a/0", "n6");
    imports(one);

    assertThat(imports(one)).isZero();
    assertThat(store.revision()).isEqualTo(1);
    assertThat(imports(one, two)).isEqualTo(1);
    assertThat(blocks()).containsExactly(one, two);
  }

  @Test
  void of_blocks_that_overlap_none_is_imported() {
    assertRefused(
        "10.0.0.2/32 of cf/b/0: overlaps 10.0.0.0/28 of cf/a/0 (of 10.0.0.0/28)",
        held("10.0.0.0/28", "cf/a/0", "n"),
        held("10.0.0.2/32", "cf/b/0", "n"));
  }

  @Test
  void of_an_owner_with_two_blocks_of_a_network_none_is_imported() {
    assertRefused(
        "cf/a/0 has 10.0.0.2/32 of network n as well",
        held("10.0.0.2/32", "cf/a/0", "n"),
        held("10.0.0.3/32", "cf/a/0", "n"));
  }

  @Test
  void what_somebody_else_holds_is_refused() {
    imports(held("10.0.0.0/28", "cf/a/0", "n"));

    assertRefused("cf/a/0 holds 10.0.0.0/28 in memory:", held("10.0.0.2/32", "cf/b/0", "n"));
    assertRefused("cf/a/0 holds 10.0.0.0/28", held("10.0.0.0/28", "cf/a/0", "other"));
  }

  @Test
  void a_slot_that_is_taken_in_the_store_is_refused() {
    imports(held("10.0.0.2/32", "cf/a/0", "n"));

    assertRefused("it has 10.0.0.2/32 of network n", held("10.0.0.3/32", "cf/a/0", "n"));
  }
}
