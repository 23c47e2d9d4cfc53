package io.dualstack.impl.cell;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.impl.cell.InstalledPlugins.Answer;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import io.dualstack.testkit.lab.Lab;
import io.dualstack.testkit.lab.LabHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two cells as operators run them, by executables alone: {@code leases serve}, {@code cell serve}
 * and plugins that are called as container runtimes do. While a daemon runs, plugins have no
 * virtual machine to fall back on, so that what they do goes by the daemon's socket.
 */
class TwoServedCellsIT extends TwoCellsSuite {
  private static final Pattern SERVED =
      Pattern.compile("cell \\S+ with (\\S+) and (\\S+), plugins ask port 23954");

  @TempDir static Path installed;
  private LabHost registry;
  private Programs programs;

  @AfterAll
  void kill_what_still_runs() throws InterruptedException {
    programs.close();
  }

  @Override
  void startRegistry(LabHost first) throws IOException, InterruptedException {
    InstalledPlugins plugins =
        InstalledPlugins.into(installed.resolve("cell1"), installed.resolve("cell1.sock"));
    plugins.withoutFallback();
    plugins.copy("cell1.sock", installed.resolve("cell2"), "cell2.sock").withoutFallback();
    programs = new Programs(directory(), first);
    assertThat(programs.serveLeases().isAlive()).isTrue();
    registry = first;
  }

  @Override
  int leases() {
    Matcher total =
        Pattern.compile("silk_controller_total_leases (\\d+)\\.0")
            .matcher(Programs.get(registry, Programs.REGISTRY_METRICS, "/metrics"));
    assertThat(total.find()).isTrue();
    return Integer.parseInt(total.group(1));
  }

  @Override
  TestedCell cell(LabHost host, Path dataDir, IpPrefix ipv6) throws IOException {
    return new ServedCell(host, dataDir, ipv6);
  }

  private final class ServedCell extends TestedCell {
    private final Path socket = installed.resolve(host.name() + ".sock");
    private final InstalledPlugins plugins = new InstalledPlugins(installed.resolve(host.name()));
    private final InstalledPlugins onlyByDaemon =
        new InstalledPlugins(plugins.directory().resolve("without-fallback"));
    private final Path config;
    private Process daemon;
    private String subnet;

    ServedCell(LabHost host, Path dataDir, IpPrefix ipv6) throws IOException {
      super(host, dataDir, ipv6);
      config = programs.cellConfig(host, ipv6.toString(), datastore());
    }

    @Override
    void start() throws IOException {
      daemon =
          programs.run(
              host,
              "cell",
              "serve",
              "--config",
              config.toString(),
              "--plugin-socket",
              socket.toString());
      Matcher served = SERVED.matcher(Programs.until(daemon, "cell "));
      assertThat(served.matches()).isTrue();
      assertThat(served.group(2)).isEqualTo(ipv6.toString());
      subnet = served.group(1);
    }

    @Override
    void findOther() {
      Await.until(
          "a route to the other cell",
          () -> host.run("ip", "route", "show", "dev", "silk-vtep").contains(" via "));
    }

    @Override
    String subnet() {
      return subnet;
    }

    @Override
    Member attach(LabHost container) throws IOException {
      return member(container, call(onlyByDaemon, "ADD", container, byDaemonPort()).success());
    }

    Member member(LabHost container, JsonNode result) {
      List<IpAddress> addresses = new ArrayList<>();
      for (JsonNode ip : result.path("ips")) {
        addresses.add(IpPrefix.parse(ip.path("address").asText()).address());
      }
      return new Member(container, addresses);
    }

    Answer call(InstalledPlugins by, String command, LabHost container, ObjectNode config) {
      return by.call(host, container, command, by.silk(), config.toString());
    }

    ObjectNode byDaemonPort() {
      return new ObjectMapper()
          .createObjectNode()
          .put("cniVersion", "1.0.0")
          .put("name", "silk")
          .put("type", "silk-cni")
          .put("dataDir", dataDir.toString())
          .put("datastore", datastore().toString())
          .put("daemonPort", 23954);
    }

    /** Where there is no daemon to ask, the networks must be in a file. */
    ObjectNode bySubnetFile() throws IOException {
      Path file =
          Files.writeString(
              directory().resolve(host.name() + ".env"),
              "FLANNEL_SUBNET=%s\nFLANNEL_MTU=1450\nFLANNEL_IPV6_SUBNET=%s\n"
                  .formatted(subnet, ipv6));
      return byDaemonPort().put("subnetFile", file.toString());
    }

    @Override
    void detach(LabHost container) {
      assertThat(call(onlyByDaemon, "DEL", container, byDaemonPort())).isEqualTo(Answer.DONE);
    }

    @Override
    void end() throws InterruptedException {
      if (daemon.isAlive()) {
        Programs.end(daemon);
        assertThat(socket).doesNotExist();
      }
    }

    void kill() throws InterruptedException {
      daemon.destroyForcibly().waitFor();
    }

    @Override
    void leave() throws IOException, InterruptedException {
      end();
      assertThat(programs.runToEnd(host, "cell", "teardown", "--config", config.toString()))
          .isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void while_a_daemon_is_away_connections_live_and_plugins_work_by_themselves(
      boolean ended, Lab lab) throws Exception {
    ServedCell cell = (ServedCell) one();
    List<HeldConnection> held = HeldConnection.open(one().members.get(0), two().members.get(0));
    Member left = cell.add(lab.container("leaving" + ended));
    LabHost fresh = lab.container("byitself" + ended);
    LabHost refused = lab.container("refused" + ended);
    if (ended) {
      cell.end();
    } else {
      // Its socket stays then, with nobody behind it.
      cell.kill();
    }

    for (HeldConnection each : held) {
      each.assertCarries();
    }
    Answer unknown = cell.call(cell.plugins, "ADD", refused, cell.byDaemonPort());
    assertThat(unknown.json().path("msg").asText()).isEqualTo("discover network info");
    JsonNode result = cell.call(cell.plugins, "ADD", fresh, cell.bySubnetFile()).success();
    assertThat(cell.call(cell.plugins, "DEL", left.container(), cell.byDaemonPort()))
        .isEqualTo(Answer.DONE);
    cell.members.remove(left);
    Member added = cell.added(cell.member(fresh, result));
    Member.assertAllReachEachOther(List.of(added, cell.members.get(0), two().members.get(0)));

    cell.start();
    ObjectNode check = cell.byDaemonPort();
    check.set("prevResult", result);
    assertThat(cell.call(cell.onlyByDaemon, "CHECK", fresh, check)).isEqualTo(Answer.DONE);
    Member back = cell.add(left.container());
    assertThat(back.addresses()).doesNotContainAnyElementsOf(added.addresses());
    Member.assertAllReachEachOther(List.of(back, added, two().members.get(0)));
    for (HeldConnection each : held) {
      each.assertCarries();
      each.close();
    }
  }
}
