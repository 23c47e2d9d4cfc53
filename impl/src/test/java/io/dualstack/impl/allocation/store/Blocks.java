package io.dualstack.impl.allocation.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.AllocationKind;
import io.dualstack.allocation.Owner;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.allocation.spi.Change;
import io.dualstack.allocation.spi.ChangeSet;
import io.dualstack.allocation.spi.CommitResult;
import io.dualstack.net.IpPrefix;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

/** Blocks and sets that tests of the store are made of. */
public final class Blocks {
  public static final Instant NOON = Instant.parse("2026-11-24T12:00:00.123Z");
  public static final IpPrefix POOL = IpPrefix.parse("2001:db8::/32");

  private Blocks() {}

  public static AllocatedBlock held(String cidr, String owner) {
    return held(IpPrefix.parse(cidr), owner);
  }

  public static AllocatedBlock held(IpPrefix block, String owner) {
    return AllocatedBlock.active(
        block, new Owner(owner), "vm-1", "default", "z1", AllocationKind.DYNAMIC, NOON);
  }

  public static ChangeSet set(Change... changes) {
    return new ChangeSet(AddressSpace.DEFAULT, NOON, List.of(changes));
  }

  /** Returns sets that add one /80 each. */
  public static List<ChangeSet> adding(int count) {
    return IntStream.range(0, count)
        .mapToObj(n -> set(new Change.Add(held(POOL.nth(80, n), "cf/cell/" + n))))
        .toList();
  }

  /** Commits what must not be refused, and returns the revision. */
  public static long commit(AllocationStore store, Change... changes) {
    CommitResult result = store.commit(set(changes));
    assertThat(result).isInstanceOf(CommitResult.Committed.class);
    return ((CommitResult.Committed) result).revision();
  }
}
