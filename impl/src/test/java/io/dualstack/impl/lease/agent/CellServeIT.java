package io.dualstack.impl.lease.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.impl.cell.Programs;
import io.dualstack.testkit.lab.Lab;
import io.dualstack.testkit.lab.LabExtension;
import io.dualstack.testkit.lab.LabHost;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The daemons as operators run them: a registry on one host and two cells on two others. */
@ExtendWith(LabExtension.class)
class CellServeIT {

  private static final Pattern CELL =
      Pattern.compile("cell 172\\.31\\.0\\.\\d with (10\\.255\\.\\d+)\\.0/24(.*), plugins ask.*");

  @TempDir private Path folder;
  private final Map<LabHost, Process> daemons = new HashMap<>();
  private Programs programs;
  private Process serving;
  private LabHost registry;
  private LabHost one;
  private LabHost two;

  @BeforeEach
  void a_registry_and_two_hosts(Lab lab) throws IOException {
    registry = lab.host("registry");
    one = lab.host("cell1");
    two = lab.host("cell2");
    programs = new Programs(folder, registry);
    serving = programs.serveLeases();
  }

  @AfterEach
  void kill_what_still_runs() throws InterruptedException {
    programs.close();
  }

  private Path config(LabHost host) throws IOException {
    return programs.cellConfig(
        host,
        "2001:db8:0:%s::/80".formatted(host.name().substring(4)),
        folder.resolve(host.name() + "-store.json"));
  }

  private String serve(LabHost host) throws IOException {
    Process daemon = programs.run(host, "cell", "serve", "--config", config(host).toString());
    daemons.put(host, daemon);
    return Programs.until(daemon, "cell ");
  }

  private static String container(LabHost host, String said) {
    Matcher matcher = CELL.matcher(said);
    assertThat(matcher.matches()).as(said).isTrue();
    String address = matcher.group(1) + ".2";
    host.ip("address replace %s/32 dev lo".formatted(address));
    return address;
  }

  private static void assertReaches(LabHost host, String from, String to) {
    assertThat(host.run("ping", "-c", "1", "-w", "30", "-I", from, to)).contains("1 received");
  }

  private String totalLeases() {
    return Programs.get(registry, Programs.REGISTRY_METRICS, "/metrics")
        .lines()
        .filter(line -> line.startsWith("silk_controller_total_leases "))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void two_cells_find_each_other_and_survive_the_end_of_every_process() throws Exception {
    assertThat(Programs.get(registry, 8080, "/health")).isEmpty();

    String said = serve(one);
    String first = container(one, said);
    String second = container(two, serve(two));
    assertReaches(one, first, second);
    assertReaches(two, second, first);
    assertThat(Programs.get(one, 23954, "/"))
        .isEqualTo(
            "{\"overlay_subnet\":\"%s/24\",\"mtu\":1450,\"ipv6_prefix\":\"2001:db8:0:1::/80\"}"
                .formatted(first.replaceAll("\\.2$", ".0")));
    assertThat(Programs.get(one, 22233, "/metrics")).contains("silk_daemon_renew_success_total");
    assertThat(totalLeases()).endsWith(" 2.0");

    Programs.end(daemons.get(one));
    assertReaches(one, first, second);
    assertThat(serve(one)).isEqualTo(said);

    serving.destroyForcibly().waitFor();
    assertReaches(two, second, first);
    Process again = programs.serveLeases();
    assertThat(totalLeases()).endsWith(" 2.0");
    Programs.end(again);
  }
}
