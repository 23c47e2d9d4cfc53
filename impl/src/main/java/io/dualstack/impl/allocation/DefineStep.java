package io.dualstack.impl.allocation;

import io.dualstack.allocation.NetworkSet;
import io.dualstack.allocation.spi.Change;
import java.time.Instant;
import java.util.List;

/** Defines the networks. */
final class DefineStep extends Step<Boolean> {

  private final String text;
  private boolean changes;

  DefineStep(NetworkSet networks) {
    this.text = NetworkSetCodec.format(networks);
  }

  @Override
  List<Change> prepare(SpaceIndex index, Instant now) {
    changes = !text.equals(index.networksText());
    return changes ? List.of(new Change.PutDocument(SpaceIndex.NETWORKS, text)) : List.of();
  }

  @Override
  boolean redefines() {
    return changes;
  }

  /** Returns whether there was anything to define. */
  @Override
  Boolean answer(long revision) {
    return changes;
  }
}
