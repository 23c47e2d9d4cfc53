package io.dualstack.impl.cell;

import static java.util.stream.Collectors.joining;

import io.dualstack.director.DeploymentFiles;
import io.dualstack.director.DeploymentPlan;
import io.dualstack.director.Director;
import io.dualstack.director.PlannedNetwork;
import io.dualstack.net.IpPrefix;
import java.util.List;

/** A router and two cells, of IPv4 alone or with IPv6 added, at the addresses of a lab's hosts. */
final class DrilledDeployment {
  private static final String CLOUD_IPV4 =
      """
      azs:
        - name: z1
      networks:
        - name: default
          subnets:
            - az: z1
              range: 172.31.0.0/24
              gateway: 172.31.0.254
              static: [172.31.0.1-172.31.0.20]
      """;

  private static final String CLOUD_IPV6 =
      """
        - name: default_v6
          subnets:
            - az: z1
              range: 2001:db8:ff::/64
              gateway: 2001:db8:ff::fffe
              static: [2001:db8:ff::1-2001:db8:ff::20]
        - name: cells_v6
          subnets:
            - az: z1
              ipv6_prefix_delegation_size: 80
              range: 2001:db8:4e04:d139::/64
              gateway: 2001:db8:4e04:d139::1
              reserved:
                - 2001:db8:4e04:d139::/80
      """;

  private final Director director;

  DrilledDeployment(Director director) {
    this.director = director;
  }

  private static String manifest(boolean ipv6) {
    return "name: cf\ninstance_groups:\n"
        + group("router", 1, "1", ipv6, false)
        + group("diego_cell", 2, "3, 4", ipv6, true);
  }

  private static String group(
      String name, int instances, String hosts, boolean ipv6, boolean isCell) {
    String text =
        """
          - name: %s
            instances: %d
            azs: [z1]
            networks:
              - name: default
                default: [dns, gateway]
                nic_group: 1
                static_ips: [%s]
        """
            .formatted(name, instances, statics("172.31.0.", hosts));
    if (ipv6) {
      text +=
          """
                - name: default_v6
                  nic_group: 1
                  static_ips: [%s]
          """
              .formatted(statics("2001:db8:ff::", hosts));
    }
    return ipv6 && isCell ? text + "      - {name: cells_v6, nic_group: 1}\n" : text;
  }

  private static String statics(String start, String hosts) {
    return List.of(hosts.split(", ")).stream()
        .map(host -> '"' + start + host + '"')
        .collect(joining(", "));
  }

  DeploymentPlan plan(boolean ipv6) {
    return director.plan(director.read(files(ipv6)));
  }

  DeploymentPlan apply(boolean ipv6) {
    return director.apply(director.read(files(ipv6)), "local");
  }

  private static DeploymentFiles files(boolean ipv6) {
    return DeploymentFiles.of(ipv6 ? CLOUD_IPV4 + CLOUD_IPV6 : CLOUD_IPV4, manifest(ipv6));
  }

  static List<PlannedNetwork> networks(DeploymentPlan plan, String name) {
    return plan.instances().stream()
        .flatMap(instance -> instance.networks().stream())
        .filter(network -> network.name().equals(name))
        .toList();
  }

  static List<IpPrefix> blocks(DeploymentPlan plan, String network) {
    return networks(plan, network).stream().flatMap(each -> each.chosen().stream()).toList();
  }
}
