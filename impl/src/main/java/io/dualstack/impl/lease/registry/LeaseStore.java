package io.dualstack.impl.lease.registry;

import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.AllocationKind;
import io.dualstack.allocation.Owner;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.allocation.spi.Change;
import io.dualstack.allocation.spi.ChangeSet;
import io.dualstack.allocation.spi.CommitResult;
import io.dualstack.lease.CellLease;
import io.dualstack.net.IpAddress;
import io.dualstack.net.MacAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads leases from a store, and puts together the steps that change them. */
final class LeaseStore {

  /** The space of all leases, whatever their pool, so that pools can change and not collide. */
  static final AddressSpace SPACE = new AddressSpace("leases");

  /** With this one name for all, the store itself allows each cell one lease. */
  private static final String NETWORK = "overlay";

  static final String HARDWARE = "hardware/";

  private final AllocationStore store;

  LeaseStore(AllocationStore store) {
    this.store = store;
  }

  AllocationStore store() {
    return store;
  }

  Optional<LeaseRecord> of(IpAddress underlayIp) {
    String key = LeaseRecord.key(underlayIp);
    return store.document(SPACE, key).map(text -> LeaseRecord.parse(store.location(), key, text));
  }

  List<LeaseRecord> all() {
    List<LeaseRecord> found = new ArrayList<>();
    store
        .documents(SPACE, LeaseRecord.KEYS)
        .forEach((key, text) -> found.add(LeaseRecord.parse(store.location(), key, text)));
    return found;
  }

  CommitResult commit(Instant at, List<Change> changes) {
    return store.commit(new ChangeSet(SPACE, at, changes));
  }

  List<Change> add(LeaseRecord record, Instant at) {
    CellLease lease = record.lease();
    return List.of(
        new Change.ExpectDocument(record.key(), null),
        new Change.ExpectDocument(hardwareKey(lease.hardwareAddress()), null),
        new Change.Add(
            AllocatedBlock.active(
                lease.overlaySubnet(),
                new Owner(lease.underlayIp().toString()),
                lease.hardwareAddress().toString(),
                NETWORK,
                null,
                AllocationKind.DYNAMIC,
                at)),
        new Change.PutDocument(record.key(), record.text()),
        new Change.PutDocument(
            hardwareKey(lease.hardwareAddress()), lease.underlayIp().toString()));
  }

  List<Change> renew(LeaseRecord before, LeaseRecord after) {
    return List.of(
        new Change.ExpectDocument(before.key(), before.text()),
        new Change.PutDocument(after.key(), after.text()));
  }

  List<Change> remove(LeaseRecord record) {
    List<Change> changes = new ArrayList<>();
    changes.add(new Change.ExpectDocument(record.key(), record.text()));
    for (AllocatedBlock held : store.overlapping(SPACE, record.lease().overlaySubnet())) {
      if (held.owner().id().equals(record.lease().underlayIp().toString())) {
        changes.add(new Change.Remove(held));
      }
    }
    changes.add(new Change.RemoveDocument(record.key()));
    changes.add(new Change.RemoveDocument(hardwareKey(record.lease().hardwareAddress())));
    return changes;
  }

  static String hardwareKey(MacAddress address) {
    return HARDWARE + address;
  }
}
