package io.dualstack.impl.allocation.check;

import io.dualstack.StoreUnavailableException;
import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.AllocatorOptions;
import io.dualstack.allocation.StoreReport;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.impl.allocation.StoreBackedAllocator;
import io.dualstack.impl.lease.registry.LeaseCheck;
import java.time.Clock;

/** Checks all that a store of allocations holds, and changes nothing. */
public final class StoreCheck {

  private static final String LEASES = "leases";

  private final AllocationStore store;
  private final Findings findings;
  private final long revision;
  private int spaces;
  private long blocks;

  private StoreCheck(AllocationStore store) {
    this.store = store;
    this.findings = new Findings(store.location());
    this.revision = store.revision();
  }

  /**
   * Checks a store that others may be writing to.
   *
   * @return what was found
   * @throws StoreUnavailableException if it can't be reached
   */
  public static StoreReport run(AllocationStore store) {
    StoreCheck check = new StoreCheck(store);
    check.readable("engine", () -> check.findings.addAll(store.examine()));
    check.readable("spaces", check::checkSpaces);
    check.readable(
        LEASES,
        () ->
            LeaseCheck.run(store)
                .forEach(fault -> check.findings.add(LEASES, "LeaseInconsistent", fault)));
    return new StoreReport(check.revision, check.spaces, check.blocks, check.findings.all());
  }

  private void checkSpaces() {
    for (AddressSpace space : store.spaces()) {
      spaces++;
      readable("space " + space, () -> blocks += new SpaceCheck(store, space, findings).run());
      readable("space " + space + ", networks", () -> readNetworks(space));
    }
  }

  private void readNetworks(AddressSpace space) {
    new StoreBackedAllocator(store, space, AllocatorOptions.DEFAULT, Clock.systemUTC()).networks();
  }

  /** What makes no sense to those who read it is a finding; what can't be reached at all isn't. */
  private void readable(String path, Runnable reading) {
    try {
      reading.run();
    } catch (StoreUnavailableException e) {
      if (e.retryable()) {
        throw e;
      }
      findings.add(path, "Unreadable", String.valueOf(e.getMessage()));
    }
  }
}
