package io.dualstack.testkit.example;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.testkit.lab.Lab;
import io.dualstack.testkit.lab.LabExtension;
import io.dualstack.testkit.lab.LabHost;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A CNI plugin, here Debian's ptp, on a real host with a real container and a real neighbor. */
@ExtendWith(LabExtension.class)
class MyPluginIT {
  private static final String PLUGINS = "/usr/lib/cni";

  private static final String CONFIGURATION =
      """
      {"cniVersion": "1.0.0", "name": "mine", "type": "ptp",
       "ipam": {"type": "host-local", "dataDir": "/run/mine-%s",
                "ranges": [[{"subnet": "10.1.0.0/24"}], [{"subnet": "2001:db8:1::/64"}]],
                "routes": [{"dst": "0.0.0.0/0"}, {"dst": "::/0"}]}}
      """;

  /** Calls the plugin as a runtime does, in the network of a host. */
  private static String call(LabHost host, LabHost container, String command) {
    return host.run(
        "sh",
        "-c",
        """
        CNI_COMMAND=%s CNI_CONTAINERID=%s CNI_NETNS=%s CNI_IFNAME=eth0 CNI_PATH=%s %s/ptp <<'END'
        %s
        END
        """
            .formatted(
                command,
                container.name(),
                container.namespace(),
                PLUGINS,
                PLUGINS,
                CONFIGURATION.formatted(ProcessHandle.current().pid())));
  }

  @Test
  void a_container_reaches_the_neighbor_and_is_reached_by_both_families_until_it_is_gone(Lab lab) {
    LabHost host = lab.host("host");
    LabHost neighbor = lab.host("neighbor");
    LabHost container = lab.container("c1");
    lab.route(IpPrefix.parse("10.1.0.0/24"), host);
    lab.route(IpPrefix.parse("2001:db8:1::/64"), host);

    assertThat(call(host, container, "ADD")).contains("10.1.0.2/24", "2001:db8:1::2/64");

    for (String own : new String[] {"10.1.0.2", "2001:db8:1::2"}) {
      IpAddress address = IpAddress.parse(own);
      IpFamily family = address.family();
      container.contact(neighbor, neighbor.address(family)).assertReachedFrom(address);
      neighbor.contact(container, address).assertReachedFrom(neighbor.address(family));
    }

    call(host, container, "DEL");

    neighbor.contact(container, IpAddress.parse("2001:db8:1::2")).assertUnreached();
    assertThat(host.run("ip", "-brief", "link")).doesNotContain("veth");
    host.run("rm", "-r", "/run/mine-" + ProcessHandle.current().pid());
  }
}
