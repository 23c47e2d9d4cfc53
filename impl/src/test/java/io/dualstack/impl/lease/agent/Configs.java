package io.dualstack.impl.lease.agent;

import io.dualstack.lease.AgentConfig;
import io.dualstack.lease.AgentConfig.Ipv6;
import io.dualstack.lease.AgentConfig.VtepConfig;
import io.dualstack.lease.LeaseKind;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Agents as tests configure them. */
final class Configs {

  private Configs() {}

  static AgentConfig of(String underlayIp, LeaseKind kind, Path datastore) {
    return of(underlayIp, kind, datastore, Ipv6.WHEN_POSSIBLE, null);
  }

  static AgentConfig of(
      String underlayIp, LeaseKind kind, Path datastore, Ipv6 ipv6, IpPrefix prefix) {
    return new AgentConfig(
        IpAddress.parse(underlayIp),
        List.of(IpPrefix.parse("10.255.0.0/16")),
        24,
        kind,
        new VtepConfig("silk-vtep", 1, 4789, null),
        datastore,
        Duration.ofSeconds(30),
        Duration.ofHours(1),
        ipv6,
        prefix,
        null);
  }
}
