package io.dualstack.impl.lease.agent;

import io.dualstack.StoreUnavailableException;
import io.dualstack.lease.CellLease;
import io.dualstack.lease.LeaseKind;
import io.dualstack.lease.LeaseRegistry;
import io.dualstack.net.IpAddress;
import java.util.List;

/** A registry that a test takes off the network. */
final class SwitchableRegistry implements LeaseRegistry {

  private final LeaseRegistry there;
  private boolean away;

  SwitchableRegistry(LeaseRegistry there) {
    this.there = there;
  }

  void setAway(boolean newAway) {
    this.away = newAway;
  }

  private LeaseRegistry reached() {
    if (away) {
      throw new StoreUnavailableException("registry: is away", true, null);
    }
    return there;
  }

  @Override
  public CellLease acquire(IpAddress underlayIp, LeaseKind kind) {
    return reached().acquire(underlayIp, kind);
  }

  @Override
  public void renew(CellLease lease) {
    reached().renew(lease);
  }

  @Override
  public void release(IpAddress underlayIp) {
    reached().release(underlayIp);
  }

  @Override
  public List<CellLease> leases() {
    return reached().leases();
  }
}
