package io.dualstack.impl.host.ipv6;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dualstack.cell.HostIpv6.State;
import io.dualstack.testkit.lab.Lab;
import io.dualstack.testkit.lab.LabExtension;
import io.dualstack.testkit.lab.LabHost;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is read of a kernel, and what both programs that apply files of sysctl.d make of them, in
 * namespaces of their own: of the network, so that no setting of the machine is touched, and of
 * mounts, so that the programs find our files at the places where they look.
 */
@ExtendWith(LabExtension.class)
class HostIpv6IT {
  private static final Path SYSTEMD = Path.of("/usr/lib/systemd/systemd-sysctl");
  private static final List<Path> PROCPS =
      List.of(Path.of("/usr/sbin/sysctl"), Path.of("/sbin/sysctl"));

  /** Has the directories of a tree at the places of the machine's own, and runs a program. */
  private static final String SCRIPT =
      """
      set -e
      tree=$1
      shift
      mkdir -p "$tree/etc" "$tree/usr/lib/sysctl.d" "$tree/usr/local/lib" "$tree/run"
      mount --bind "$tree/usr/lib/sysctl.d" /usr/lib/sysctl.d
      mount --bind "$tree/usr/local/lib" /usr/local/lib
      mount --bind "$tree/run" /run
      mount --bind "$tree/etc" /etc
      "$@" > /dev/null 2>&1 || true
      """;

  private static final String ADDRESS = "address add 2001:db8::1/64 dev probe0 nodad";

  @TempDir Path directory;

  /** The two programs, each on all files and on one. */
  enum Program {
    SYSTEMD_SYSCTL(List.of(SYSTEMD.toString()), List.of(SYSTEMD.toString())),
    SYSCTL(List.of("sysctl", "--system"), List.of("sysctl", "-e", "-p"));

    private final List<String> everything;
    private final List<String> oneFile;

    Program(List<String> everything, List<String> oneFile) {
      this.everything = everything;
      this.oneFile = oneFile;
    }

    SysctlProgram of(Ipv6Snapshot snapshot) {
      return this == SYSCTL
          ? SysctlProgram.byProcps(snapshot.dropIns(), Optional.ofNullable(snapshot.sysctlConf()))
          : SysctlProgram.bySystemd(snapshot.dropIns());
    }
  }

  @BeforeAll
  static void both_programs_are_there() {
    boolean there = Files.isExecutable(SYSTEMD) && PROCPS.stream().anyMatch(Files::isExecutable);
    if (Boolean.parseBoolean(System.getenv("CI"))) {
      assertThat(there).as("systemd-sysctl and sysctl").isTrue();
    } else {
      assumeTrue(there, "no systemd-sysctl, or no sysctl");
    }
  }

  @ParameterizedTest
  @EnumSource
  void the_rendered_file_makes_an_address_stay(Program program, Lab lab) throws IOException {
    LabHost host = lab.container("host");
    host.ip("link add probe0 type veth peer name probe1", "link set dev probe0 up", ADDRESS);
    assertThat(wrongNow(host)).isEmpty();
    assertThat(addresses(host)).contains("2001:db8::1/64");
    host.write("net/ipv6/conf/all/disable_ipv6", "1");
    assertThat(addresses(host)).isEmpty();

    Ipv6Report report = report(host);

    assertThat(report.running().state()).isEqualTo(State.DISABLED_BY_SYSCTL);
    assertThat(report.reboot()).isFalse();
    assertThat(wrongNow(host))
        .containsExactly(
            "/proc/sys/net/ipv6/conf/all/disable_ipv6",
            "/proc/sys/net/ipv6/conf/default/disable_ipv6",
            "/proc/sys/net/ipv6/conf/lo/disable_ipv6");
    assertThatThrownBy(() -> host.ip(ADDRESS))
        .hasMessageContaining("IPv6 is disabled on this device");

    List<String> command = new ArrayList<>(program.oneFile);
    command.add(dropIn(report).toString());
    host.run(command.toArray(String[]::new));

    assertThat(wrongNow(host)).isEmpty();
    assertThat(report(host).running().state()).isEqualTo(State.ENABLED);
    host.ip(ADDRESS);
    // Programs apply the files at any time: it takes nothing away.
    host.run(command.toArray(String[]::new));
    assertThat(addresses(host)).contains("2001:db8::1/64");
    host.ip("link add later0 type veth peer name later1", "link set dev later0 up");
    assertThat(host.read("net/ipv6/conf/later0/disable_ipv6")).isEqualTo("0");
  }

  /** Trees in which it isn't plain which line decides. */
  static List<Map<String, String>> trees() {
    String off = "net.ipv6.conf.all.disable_ipv6 = 1\n";
    String on = "net.ipv6.conf.all.disable_ipv6 = 0\n";
    return List.of(
        Map.of("/etc/sysctl.d/60-bosh-sysctl.conf", "net.ipv6.conf.default.accept_ra=0\n" + off),
        Map.of("/etc/sysctl.d/10.conf", off, "/usr/lib/sysctl.d/20.conf", on),
        Map.of("/etc/sysctl.d/10.conf", on, "/usr/lib/sysctl.d/20.conf", off),
        Map.of("/etc/sysctl.d/10.conf", on, "/usr/lib/sysctl.d/10.conf", off),
        Map.of("/run/sysctl.d/10.conf", off, "/usr/local/lib/sysctl.d/10.conf", on),
        Map.of("/etc/sysctl.conf", off, "/etc/sysctl.d/99-x.conf", on),
        Map.of("/etc/sysctl.d/10.conf", "net.ipv6.conf.probe0.disable_ipv6=1\n" + on),
        Map.of(
            "/etc/sysctl.d/10.conf",
            on,
            "/etc/sysctl.d/20.conf",
            "net/ipv6/conf/probe0/disable_ipv6 = 1\n",
            "/etc/sysctl.d/30.conf",
            on),
        Map.of("/etc/sysctl.d/10.conf", "net.ipv6.conf.*.disable_ipv6 = 1\n"),
        Map.of(
            "/etc/sysctl.d/10.conf",
            "net.ipv6.conf.lo.disable_ipv6 = 0\n",
            "/etc/sysctl.d/20.conf",
            "net.ipv6.conf.[lp]*.disable_ipv6 = 1\n"),
        Map.of(
            "/etc/sysctl.d/10.conf",
            "-net.ipv6.conf.lo.disable_ipv6\n; comment\n # another\n"
                + "  -net.ipv6.conf.prob?0.disable_ipv6=1\nnet.ipv6.conf.all.forwarding=1\n"),
        Map.of(
            "/etc/sysctl.d/10.conf",
            "net.ipv6.conf.all.forwarding=1\n",
            "/etc/sysctl.d/zz.conf",
            "net.ipv6.conf.all.forwarding=0\n",
            "/etc/sysctl.conf",
            "net.ipv6.conf.*.accept_ra = 0\n"));
  }

  @ParameterizedTest
  @MethodSource("trees")
  void each_program_does_what_is_foreseen_of_it_and_ours_comes_last(
      Map<String, String> files, Lab lab) throws IOException {
    int number = 0;
    for (Program program : Program.values()) {
      HostTree tree = new HostTree(directory.resolve(program.name()));
      files.forEach(tree::file);
      assertForeseen(program, tree, lab.container("before" + number));

      tree.take(tree.cellReport());
      assertThat(tree.cellReport().findings()).isEmpty();
      Map<String, String> made = assertForeseen(program, tree, lab.container("after" + number++));
      assertThat(made)
          .containsEntry("all/forwarding", "1")
          .containsEntry("probe0/forwarding", "1")
          .containsEntry("default/accept_ra", "1");
      made.forEach(
          (setting, value) -> {
            if (setting.endsWith("/disable_ipv6")) {
              assertThat(value).as(setting).isEqualTo("0");
            }
          });
    }
  }

  private Map<String, String> assertForeseen(Program program, HostTree tree, LabHost host)
      throws IOException {
    host.ip("link add probe0 type veth peer name probe1");
    Map<String, String> foreseen = new TreeMap<>(settings(host));
    SysctlProgram model = program.of(tree.snapshot());
    foreseen.replaceAll(
        (setting, value) -> {
          String[] words = setting.split("/");
          return model.deciding(words[0], words[1]).map(SysctlLine::value).orElse(value);
        });

    List<String> command = new ArrayList<>(List.of("unshare", "--mount", "sh", "-c", SCRIPT, "sh"));
    command.add(directory.resolve(program.name()).toString());
    command.addAll(program.everything);
    host.run(command.toArray(String[]::new));

    Map<String, String> made = settings(host);
    assertThat(made).as(program + "").isEqualTo(foreseen);
    return made;
  }

  private static Map<String, String> settings(LabHost host) {
    Map<String, String> settings = new HashMap<>();
    snapshot(host)
        .running()
        .devices()
        .forEach(
            (device, values) ->
                values.forEach((name, value) -> settings.put(device + "/" + name, value)));
    return settings;
  }

  /** Of the machine's files nothing is asked here, as they are its own. */
  private static List<String> wrongNow(LabHost host) {
    return report(host).findings().stream()
        .map(Ipv6Finding::where)
        .filter(where -> where.startsWith("/proc/sys/"))
        .toList();
  }

  private static String addresses(LabHost host) {
    return host.run("ip", "-6", "address", "show", "dev", "probe0");
  }

  private static Ipv6Report report(LabHost host) {
    return Ipv6Check.of(snapshot(host), Need.ADDRESSES);
  }

  private static Ipv6Snapshot snapshot(LabHost host) {
    return host.call(() -> new SnapshotReader(new HostRoot(Path.of("/"))).read());
  }

  private Path dropIn(Ipv6Report report) throws IOException {
    String text =
        report.files().entrySet().stream()
            .filter(file -> file.getKey().startsWith("/etc/sysctl.d/"))
            .map(Map.Entry::getValue)
            .findFirst()
            .orElseThrow();
    return Files.writeString(directory.resolve("rendered.conf"), text, StandardCharsets.ISO_8859_1);
  }
}
