package io.dualstack.impl.lease.registry;

import io.dualstack.StoreUnavailableException;
import io.dualstack.lease.CellLease;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.MacAddress;

/**
 * A lease as its document tells it: {@code SUBNET HARDWARE-ADDRESS SECONDS}, under a key that names
 * the cell.
 *
 * @param lease the lease
 * @param renewedAt when it was renewed last, in seconds since 1970
 */
record LeaseRecord(CellLease lease, long renewedAt) {

  static final String KEYS = "lease/";

  static String key(IpAddress underlayIp) {
    return KEYS + underlayIp;
  }

  String key() {
    return key(lease.underlayIp());
  }

  String text() {
    return lease.overlaySubnet() + " " + lease.hardwareAddress() + " " + renewedAt;
  }

  static LeaseRecord parse(String location, String key, String text) {
    String[] words = text.split(" ", -1);
    try {
      return new LeaseRecord(
          new CellLease(
              IpAddress.parse(key.substring(KEYS.length())),
              IpPrefix.parse(words[0]),
              MacAddress.parse(words[1])),
          Long.parseLong(words[2]));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new StoreUnavailableException(
          "%s: document %s: \"%s\" is no lease; remove it, its cell will claim its lease again"
              .formatted(location, key, text),
          false,
          e);
    }
  }

  LeaseRecord renewed(long now) {
    return new LeaseRecord(lease, now);
  }

  boolean isActive(long expirySeconds, long now) {
    return renewedAt + expirySeconds > now;
  }
}
