package io.dualstack.impl.cell;

import io.dualstack.Dualstack;
import io.dualstack.cell.Cell;
import io.dualstack.cell.CellConfig;
import io.dualstack.cell.FirewallConfig;
import io.dualstack.firewall.BackendKind;
import io.dualstack.firewall.CellFirewall;
import io.dualstack.firewall.ContainerFirewall;
import io.dualstack.firewall.Ipv6Firewall;
import io.dualstack.firewall.PolicyRules;
import io.dualstack.firewall.PortMapping;
import io.dualstack.firewall.SecurityGroup;
import io.dualstack.impl.cell.GuardedCells.GuardedHost;
import io.dualstack.lease.AgentConfig;
import io.dualstack.lease.AgentConfig.Ipv6;
import io.dualstack.lease.LeaseAgent;
import io.dualstack.lease.LeasePool;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.testkit.lab.LabHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A cell with a firewall, whose daemons are started again with and without IPv6 while its
 * containers stay.
 */
final class MigratingCell implements AutoCloseable {
  static final LeasePool POOL = LeasePool.of(IpPrefix.parse("10.255.0.0/16"), 24);

  private final Dualstack dualstack;
  final LabHost host;
  private final Path dataDir;
  private final BackendKind backend;
  private final Map<String, Function<GuardedHost, ContainerFirewall>> rules = new LinkedHashMap<>();
  private PolicyRules policies = PolicyRules.NONE;
  private GuardedHost running;

  MigratingCell(Dualstack dualstack, LabHost host, Path directory, BackendKind backend) {
    this.dualstack = dualstack;
    this.host = host;
    this.dataDir = directory.resolve(host.name());
    this.backend = backend;
    this.running = start(null, null);
  }

  /**
   * Starts the daemons again and tells the firewall what holds for the containers that are there.
   *
   * @param prefix what containers get addresses of; null for IPv4 alone
   * @param ipv6 what the firewall knows of IPv6; null for nothing
   */
  void restart(@Nullable IpPrefix prefix, @Nullable Ipv6Firewall ipv6) {
    running.close();
    running = start(prefix, ipv6);
    rules.values().forEach(each -> running.firewall().put(each.apply(running)));
    running.firewall().policies(policies);
  }

  private GuardedHost start(@Nullable IpPrefix prefix, @Nullable Ipv6Firewall ipv6) {
    AgentConfig leases =
        AgentConfig.of(host.address(IpFamily.IPV4), POOL, dataDir.resolve("store.json"))
            .inNamespace(host.namespace());
    LeaseAgent agent =
        dualstack.leaseAgent(
            prefix == null ? leases : leases.withIpv6(prefix, Ipv6.REQUIRED),
            dualstack.leases(POOL));
    try {
      Cell cell =
          dualstack.cell(
              CellConfig.of(agent.networks(), dataDir)
                  .inNamespace(host.namespace())
                  .guardedBy(
                      new FirewallConfig(
                          CellFirewall.of(host.address(IpFamily.IPV4), "eth0", "silk-vtep")
                              .withIpv6(ipv6),
                          backend,
                          dataDir.resolve("iptables.lock"))));
      return new GuardedHost(host, agent, cell);
    } catch (RuntimeException e) {
      agent.close();
      throw e;
    }
  }

  /** Has the agent look for the other cells. */
  void findOthers() {
    running.poll();
  }

  Member attach(LabHost container, List<PortMapping> mapped, SecurityGroup... groups) {
    Member member = running.attach(container);
    rules.put(container.name(), on -> on.app(member, mapped, groups));
    running.firewall().put(running.app(member, mapped, groups));
    return member;
  }

  void detach(Member member) {
    running.detach(member);
    rules.remove(member.container().name());
  }

  void policies(PolicyRules allowed) {
    policies = allowed;
    running.firewall().policies(allowed);
  }

  /**
   * Returns the files of the cell with their contents, but for where the search for a free address
   * goes on, which no one takes back.
   */
  Map<String, String> files() throws IOException {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.walk(dataDir)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (!file.getFileName().toString().startsWith("last_reserved_ip.")) {
          contents.put(dataDir.relativize(file).toString(), Files.readString(file));
        }
      }
    }
    return contents;
  }

  @Override
  public void close() {
    running.close();
  }
}
