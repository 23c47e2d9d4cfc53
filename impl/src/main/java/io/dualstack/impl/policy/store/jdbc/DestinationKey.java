package io.dualstack.impl.policy.store.jdbc;

import io.dualstack.firewall.Traffic;
import io.dualstack.impl.policy.PolicyJson;
import io.dualstack.net.PortRange;
import io.dualstack.policy.PolicyDestination;
import org.jspecify.annotations.Nullable;

/** The columns that tell a destination from others of its application, or of none. */
record DestinationKey(
    String protocol,
    @Nullable Integer startPort,
    @Nullable Integer endPort,
    @Nullable String ips,
    @Nullable Integer icmpType,
    @Nullable Integer icmpCode) {

  static DestinationKey of(PolicyDestination destination) {
    Traffic traffic = destination.traffic();
    String ips =
        destination instanceof PolicyDestination.Addresses addresses
            ? PolicyJson.text(PolicyJson.ranges(addresses.ranges()))
            : null;
    if (traffic instanceof Traffic.Icmp icmp) {
      return new DestinationKey(icmp.protocol(), null, null, ips, icmp.type(), icmp.code());
    }
    if (traffic instanceof Traffic.Ports ports) {
      PortRange range = ports.ports().get(0);
      return new DestinationKey(ports.protocol(), range.first(), range.last(), ips, null, null);
    }
    throw new IllegalArgumentException(traffic + ": is no traffic of a policy");
  }
}
