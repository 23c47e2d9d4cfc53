package io.dualstack.impl.lease.registry;

import io.dualstack.StoreUnavailableException;
import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.lease.CellLease;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks that leases, the blocks they hold and the hardware addresses they name agree. */
public final class LeaseCheck {

  /** Looks at a store that others write to. What is wrong then is so in each of them. */
  private static final int LOOKS = 5;

  private final AllocationStore store;
  private final Set<String> faults = new LinkedHashSet<>();

  private LeaseCheck(AllocationStore store) {
    this.store = store;
  }

  /** Returns what is wrong with the leases in a store, each in words. */
  public static Set<String> run(AllocationStore store) {
    Set<String> faults = look(store);
    long seen = -1;
    for (int n = 1; n < LOOKS && !faults.isEmpty() && seen != store.revision(); n++) {
      seen = store.revision();
      faults.retainAll(look(store));
    }
    return faults;
  }

  private static Set<String> look(AllocationStore store) {
    LeaseCheck check = new LeaseCheck(store);
    check.compare();
    return check.faults;
  }

  private void compare() {
    Map<String, AllocatedBlock> blocks = new HashMap<>();
    for (AllocatedBlock held : store.snapshot(LeaseStore.SPACE).blocks()) {
      blocks.put(held.owner().id(), held);
    }
    Map<String, String> hardware =
        new HashMap<>(store.documents(LeaseStore.SPACE, LeaseStore.HARDWARE));
    for (CellLease lease : leases()) {
      String cell = lease.underlayIp().toString();
      AllocatedBlock held = blocks.remove(cell);
      if (held == null
          || !held.block().equals(lease.overlaySubnet())
          || !held.incarnation().equals(lease.hardwareAddress().toString())) {
        faults.add("%s: has the lease of %s, but holds %s".formatted(cell, lease, held));
      }
      String named = hardware.remove(LeaseStore.hardwareKey(lease.hardwareAddress()));
      if (!cell.equals(named)) {
        faults.add(
            "%s: has %s, which is registered for %s"
                .formatted(cell, lease.hardwareAddress(), named));
      }
    }
    blocks.forEach(
        (cell, held) -> faults.add("%s: holds %s without a lease".formatted(cell, held)));
    hardware.forEach(
        (key, cell) -> faults.add("%s: is registered for %s without a lease".formatted(key, cell)));
  }

  private List<CellLease> leases() {
    List<CellLease> leases = new ArrayList<>();
    store
        .documents(LeaseStore.SPACE, LeaseRecord.KEYS)
        .forEach(
            (key, text) -> {
              try {
                leases.add(LeaseRecord.parse(store.location(), key, text).lease());
              } catch (StoreUnavailableException e) {
                faults.add(String.valueOf(e.getMessage()));
              }
            });
    return leases;
  }
}
