package io.dualstack.impl.allocation;

import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.AllocatorOptions;
import io.dualstack.allocation.spi.Change;
import java.time.Instant;

/** How a block is released: at once, or after a rest. In one place for all who release. */
final class Releases {

  private Releases() {}

  static Change of(AllocatedBlock block, AllocatorOptions options, Instant now) {
    return options.coolDown().isZero()
        ? new Change.Remove(block)
        : new Change.Replace(block, block.quarantined(now.plus(options.coolDown())));
  }
}
