package io.dualstack.impl.cell;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.Dualstack;
import io.dualstack.cell.Cell;
import io.dualstack.cell.CellConfig;
import io.dualstack.cell.Container;
import io.dualstack.lease.AgentConfig;
import io.dualstack.lease.AgentConfig.Ipv6;
import io.dualstack.lease.LeaseAgent;
import io.dualstack.lease.LeasePool;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.testkit.lab.LabHost;
import java.nio.file.Path;

/**
 * Two cells as an embedding service builds them, by the public API alone; leases are in a store
 * that each opens for itself.
 */
class TwoCellsIT extends TwoCellsSuite {
  private static final LeasePool POOL = LeasePool.of(IpPrefix.parse("10.255.0.0/16"), 24);

  private Dualstack open() {
    return Dualstack.builder().store("sqlite:" + directory().resolve("leases.db")).build();
  }

  @Override
  void startRegistry(LabHost first) {
    assertThat(leases()).isZero();
  }

  @Override
  int leases() {
    try (Dualstack dualstack = open()) {
      return dualstack.leases(POOL).leases().size();
    }
  }

  @Override
  TestedCell cell(LabHost host, Path dataDir, IpPrefix ipv6) {
    return new EmbeddedCell(host, dataDir, ipv6);
  }

  private final class EmbeddedCell extends TestedCell {
    private Dualstack dualstack;
    private LeaseAgent agent;
    private Cell cell;

    EmbeddedCell(LabHost host, Path dataDir, IpPrefix ipv6) {
      super(host, dataDir, ipv6);
    }

    @Override
    void start() {
      dualstack = open();
      agent =
          dualstack.leaseAgent(
              AgentConfig.of(host.address(IpFamily.IPV4), POOL, datastore())
                  .withIpv6(ipv6, Ipv6.REQUIRED)
                  .inNamespace(host.namespace()),
              dualstack.leases(POOL));
      cell = dualstack.cell(CellConfig.of(agent.networks(), dataDir).inNamespace(host.namespace()));
    }

    @Override
    void findOther() {
      agent.poll();
    }

    @Override
    String subnet() {
      return agent.lease().overlaySubnet().toString();
    }

    @Override
    Member attach(LabHost container) {
      Member member = Member.of(container, cell.network().attach(named(container)));
      assertThat(cell.network().attached())
          .anyMatch(each -> each.ipv4().equals(member.address(IpFamily.IPV4)));
      return member;
    }

    @Override
    void detach(LabHost container) {
      cell.network().detach(named(container));
    }

    private static Container named(LabHost container) {
      return Container.of(container.name(), container.namespace());
    }

    @Override
    void end() {
      cell.close();
      agent.close();
      dualstack.close();
    }

    @Override
    void leave() {
      assertThat(cell.network().attached()).isEmpty();
      agent.leave();
    }
  }
}
