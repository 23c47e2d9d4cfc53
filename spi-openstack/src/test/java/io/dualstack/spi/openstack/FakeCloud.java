package io.dualstack.spi.openstack;

import io.dualstack.spi.openstack.access.Surroundings;
import io.dualstack.testkit.TestClock;
import io.dualstack.testkit.cloud.openstack.FakeKeystone;
import io.dualstack.testkit.cloud.openstack.FakeNeutron;
import io.dualstack.testkit.provider.InMemoryProviderContext;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A fake cloud with one dual-stack network, and the provider as its user opens it. */
final class FakeCloud implements AutoCloseable {
  final TestClock clock = TestClock.atNoon();
  final FakeNeutron neutron = new FakeNeutron(clock);
  final List<Duration> waits = new CopyOnWriteArrayList<>();
  final String network = neutron.create("networks", "{\"name\": \"cells\"}");
  final String subnetV4;
  final String subnetV6;
  final String poolV4 = pool("10.64.8.0/21");
  final String poolV6 = pool("2001:db8:64:0:8000::/65");

  FakeCloud() {
    subnetV4 =
        subnet("\"cidr\": \"10.64.0.0/20\", \"gateway_ip\": \"10.64.0.1\", \"enable_dhcp\": false");
    subnetV6 =
        subnet(
            """
            "cidr": "2001:db8:64::/64", "gateway_ip": "2001:db8:64::1",
            "ipv6_address_mode": "dhcpv6-stateful", "ipv6_ra_mode": "dhcpv6-stateful"
            """);
  }

  private String subnet(String fields) {
    return neutron.create("subnets", "{\"network_id\": \"%s\", %s}".formatted(network, fields));
  }

  String pool(String prefix) {
    return neutron.create(
        "subnetpools",
        "{\"name\": \"pool\", \"prefixes\": [\"%s\"], \"min_prefixlen\": 8}".formatted(prefix));
  }

  OpenStackNetworkProvider provider() {
    return new OpenStackNetworkProvider(
        () -> new Surroundings(Map.of(), Path.of("target"), Path.of("target")), waits::add);
  }

  InMemoryProviderContext context() {
    return new InMemoryProviderContext(clock)
        .configure("auth_url", neutron.authUrl().toString())
        .configure("username", FakeKeystone.USER)
        .configure("password", FakeKeystone.PASSWORD)
        .configure("project_name", FakeKeystone.PROJECT);
  }

  Map<String, Object> properties(String more, String value) {
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("net_id", network);
    properties.put(more, value);
    return Collections.unmodifiableMap(properties);
  }

  /** What the networks of the contract suites carry. */
  Map<String, Object> contractProperties(String networkName) {
    return switch (networkName) {
      case "prefixes-v4" -> properties(NicPlan.POOL, poolV4);
      case "prefixes-v6" -> properties(NicPlan.POOL, poolV6);
      default -> Map.of("net_id", network);
    };
  }

  @Override
  public void close() {
    neutron.close();
  }
}
