package io.dualstack.impl.lease.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.impl.allocation.store.memory.MemoryAllocationStore;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.impl.lease.registry.StoreLeaseRegistry;
import io.dualstack.impl.metrics.PrometheusMeters;
import io.dualstack.lease.AgentConfig;
import io.dualstack.lease.AgentConfig.Ipv6;
import io.dualstack.lease.LeaseKind;
import io.dualstack.lease.LeasePool;
import io.dualstack.lease.LeaseRegistry;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import io.dualstack.testkit.lab.Lab;
import io.dualstack.testkit.lab.LabExtension;
import io.dualstack.testkit.lab.LabHost;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Two hosts on which tests start agents of one registry. */
@ExtendWith(LabExtension.class)
abstract class LeaseAgentHosts {

  static final InetSocketAddress ANY = new InetSocketAddress("127.0.0.1", 0);
  static final LeasePool POOL = LeasePool.of(IpPrefix.parse("10.255.0.0/16"), 24);
  static final IpPrefix PREFIX = IpPrefix.parse("2001:db8:0:1::/80");

  @TempDir Path folder;
  final AllocationStore store = new MemoryAllocationStore();
  final StoreLeaseRegistry registry =
      new StoreLeaseRegistry(store, POOL, Clock.systemUTC(), new Random(42));
  final PrometheusMeters meters = PrometheusMeters.of("the test", "silk_daemon");
  final AtomicLong nanos = new AtomicLong();
  private final List<LocalLeaseAgent> agents = new ArrayList<>();
  private final List<Namespace> opened = new ArrayList<>();
  private List<LabHost> hosts;

  @BeforeEach
  void make_hosts(Lab lab) {
    hosts = List.of(lab.host("one"), lab.host("two"));
  }

  @AfterEach
  void close() {
    agents.forEach(LocalLeaseAgent::close);
    opened.forEach(Namespace::close);
  }

  LabHost lab(int host) {
    return hosts.get(host - 1);
  }

  Namespace namespace(int host) {
    Namespace namespace = Namespace.open(lab(host).namespace());
    opened.add(namespace);
    return namespace;
  }

  String on(int host, String... command) {
    return lab(host).run(command);
  }

  AgentConfig config(int host, LeaseKind kind) {
    return Configs.of("172.31.0." + host, kind, folder.resolve("store-" + host + ".json"));
  }

  AgentConfig config(int host, Ipv6 ipv6, IpPrefix prefix) {
    return Configs.of(
        "172.31.0." + host,
        LeaseKind.BLOCK,
        folder.resolve("store-" + host + ".json"),
        ipv6,
        prefix);
  }

  LocalLeaseAgent start(int host) {
    return start(host, config(host, LeaseKind.BLOCK), registry);
  }

  LocalLeaseAgent start(int host, AgentConfig config, LeaseRegistry from) {
    LocalLeaseAgent agent =
        LocalLeaseAgent.start(config, namespace(host), from, meters, nanos::get);
    agents.add(agent);
    return agent;
  }

  /** Rounds until each knows of all. */
  static void poll(LocalLeaseAgent... all) {
    for (LocalLeaseAgent agent : all) {
      agent.poll();
    }
  }

  /** An address as a container of the cell would have. */
  IpAddress container(int host, LocalLeaseAgent agent) {
    IpAddress address = agent.lease().overlaySubnet().first().plus(2);
    on(host, "ip", "address", "replace", address + "/32", "dev", "lo");
    return address;
  }

  void assertReaches(int host, IpAddress from, IpAddress to) {
    assertThat(on(host, "ping", "-c", "1", "-w", "20", "-I", from.toString(), to.toString()))
        .contains(" 0% packet loss");
  }

  String vtep(int host) {
    return on(host, "ip", "-details", "-oneline", "link", "show", "silk-vtep");
  }

  String entries(int host) {
    return on(host, "ip", "-4", "route", "show", "dev", "silk-vtep")
        + on(host, "ip", "-4", "neighbor", "show", "dev", "silk-vtep")
        + on(host, "bridge", "fdb", "show", "dev", "silk-vtep");
  }
}
