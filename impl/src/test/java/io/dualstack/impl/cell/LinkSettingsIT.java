package io.dualstack.impl.cell;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.Dualstack;
import io.dualstack.cell.Cell;
import io.dualstack.cell.CellConfig;
import io.dualstack.cell.Container;
import io.dualstack.lease.LeasedNetworks;
import io.dualstack.net.IpPrefix;
import io.dualstack.testkit.lab.Lab;
import io.dualstack.testkit.lab.LabExtension;
import io.dualstack.testkit.lab.LabHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The table in the Javadoc of {@code LinkSettings} beside what the kernel says after an ADD. Each
 * setting stands otherwise before, so that none is as the table says by itself.
 */
@ExtendWith(LabExtension.class)
class LinkSettingsIT {
  private static final Path SOURCE =
      Path.of("src/main/java/io/dualstack/impl/cni/link/LinkSettings.java");
  private static final Pattern ROW =
      Pattern.compile("<tr><td>(.*?)<td>(.*?)<td>(.*?)<td>", Pattern.DOTALL);
  private static final Pattern CODE = Pattern.compile("\\{@code ([^}]*)}");

  private static final Map<String, String> OTHERWISE =
      Map.of(
          "ipv4/conf/default/rp_filter", "0",
          "ipv6/conf/default/disable_ipv6", "1",
          "ipv6/conf/default/addr_gen_mode", "0",
          "ipv6/conf/default/accept_ra", "1",
          "ipv6/conf/default/autoconf", "1",
          "ipv6/conf/default/accept_redirects", "1",
          "ipv6/conf/default/accept_source_route", "1",
          "ipv6/conf/default/accept_dad", "1",
          "ipv6/conf/default/dad_transmits", "1");

  @TempDir private Path directory;

  /** A row: paths below {@code /proc/sys/net}, the value in the end, and where. */
  private record Setting(List<String> keys, String value, String where) {
    /** Returns what a namespace has, in the order of the keys. */
    List<String> of(LabHost namespace, String device) {
      return keys.stream()
          .map(key -> key.replace("/DEV/", "/" + device + "/").replace("/UPLINK/", "/eth0/"))
          .map(key -> namespace.read("net/" + key))
          .toList();
    }
  }

  @Test
  void the_kernel_has_what_the_table_says_in_host_and_container(Lab lab) throws IOException {
    LabHost host = lab.host("cell1");
    LabHost container = lab.container("a");
    OTHERWISE.forEach(
        (key, value) -> {
          host.write("net/" + key, value);
          container.write("net/" + key, value);
        });
    host.write("net/ipv4/ip_forward", "0");
    host.write("net/ipv6/conf/all/forwarding", "0");
    host.write("net/ipv6/conf/eth0/accept_ra", "1");
    host.ip("route add default via fe80::99 dev eth0 proto ra");
    List<Setting> table = table();
    assertThat(table).hasSize(12);
    for (Setting row : table) {
      assertThat(row.of(host, "default")).as("%s", row).doesNotContain(row.value());
    }

    CellConfig config =
        CellConfig.of(
                new LeasedNetworks(
                    IpPrefix.parse("10.255.30.0/24"), 1450, IpPrefix.parse("2001:db8:30::/80")),
                directory)
            .inNamespace(host.namespace())
            .proxyingOn("eth0");
    try (Dualstack dualstack = Dualstack.builder().build();
        Cell cell = dualstack.cell(config)) {
      Container named = Container.of(container.name(), container.namespace());
      assertThat(cell.network().attach(named).ips()).hasSize(2);
    }

    for (Setting row : table) {
      assertThat(row.of(host, "s-010255030002")).as("%s", row).containsOnly(row.value());
      assertThat(row.where()).isIn("host", "both ends");
      if (row.where().equals("both ends")) {
        assertThat(row.of(container, "eth0")).as("%s", row).containsOnly(row.value());
      }
    }
  }

  private static List<Setting> table() throws IOException {
    List<Setting> rows = new ArrayList<>();
    String javadoc = Files.readString(SOURCE).replaceAll("\\R \\* *", " ");
    for (MatchResult row : ROW.matcher(javadoc).results().toList()) {
      List<String> keys = CODE.matcher(row.group(1)).results().map(each -> each.group(1)).toList();
      // Others of the same folder follow by their names.
      String folder = keys.get(0).substring(0, keys.get(0).lastIndexOf('/') + 1);
      rows.add(
          new Setting(
              keys.stream().map(key -> key.contains("/") ? key : folder + key).toList(),
              row.group(2).replaceFirst("1, then ", "").replace(" (none)", "").strip(),
              row.group(3).strip()));
    }
    return rows;
  }
}
