package io.dualstack.impl.allocation;

import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.BlockState;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.allocation.OwnerScope;
import io.dualstack.allocation.Utilization;
import io.dualstack.allocation.spi.Change;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Steps that only look at the index. */
final class Inspections {

  private Inspections() {}

  static Step<NetworkSet> networks() {
    return new Look<>(index -> index.pools().networks());
  }

  static Step<List<Utilization>> utilization() {
    return new Look<>(index -> index.pools().all().stream().map(Inspections::of).toList());
  }

  static Step<List<AllocatedBlock>> obsolete(OwnerScope scope) {
    return new Look<>(index -> index.obsolete(scope));
  }

  private static Utilization of(AddressPool pool) {
    return new Utilization(
        pool.network,
        pool.range,
        pool.prefixLength,
        pool.range.count(pool.prefixLength),
        pool.available(),
        pool.count(BlockState.ACTIVE),
        pool.count(BlockState.OBSOLETE),
        pool.count(BlockState.QUARANTINED),
        pool.freeByLength());
  }

  private static final class Look<T> extends Step<T> {
    private final Function<SpaceIndex, T> question;
    private @Nullable T seen;

    Look(Function<SpaceIndex, T> question) {
      this.question = question;
    }

    @Override
    List<Change> prepare(SpaceIndex index, Instant now) {
      seen = question.apply(index);
      return List.of();
    }

    @Override
    T answer(long revision) {
      if (seen == null) {
        throw new IllegalStateException("asked for an answer before it was there");
      }
      return seen;
    }
  }
}
