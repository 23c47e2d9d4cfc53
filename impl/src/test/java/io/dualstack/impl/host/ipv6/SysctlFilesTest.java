package io.dualstack.impl.host.ipv6;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which of many files decides, and that ours does in the end. */
class SysctlFilesTest {
  private static final String OFF = "net.ipv6.conf.all.disable_ipv6 = 1\n";
  private static final String ON = "net.ipv6.conf.all.disable_ipv6 = 0\n";
  private static final String DROP_IN = "/etc/sysctl.d/99-zz-dualstack-ipv6.conf";

  @TempDir Path root;

  @Test
  void the_last_name_decides_whatever_its_directory() {
    HostTree tree =
        new HostTree(root)
            .file("/etc/sysctl.d/10-off.conf", OFF)
            .file("/usr/lib/sysctl.d/20-on.conf", ON);

    assertThat(tree.report().isRight()).isTrue();

    tree.file("/usr/local/lib/sysctl.d/30-off.conf", OFF);
    assertThat(tree.report().findings())
        .extracting(Ipv6Finding::where)
        .containsExactly("/usr/local/lib/sysctl.d/30-off.conf:1");
  }

  @Test
  void of_one_name_the_first_directory_decides() {
    HostTree tree =
        new HostTree(root)
            .file("/lib/sysctl.d/50.conf", OFF)
            .file("/usr/lib/sysctl.d/50.conf", OFF)
            .file("/run/sysctl.d/50.conf", ON);

    assertThat(tree.report().isRight()).isTrue();

    tree.file("/etc/sysctl.d/50.conf", OFF);
    assertThat(tree.report().isRight()).isFalse();
  }

  @Test
  void a_link_to_nothing_puts_a_file_out_of_force() {
    HostTree tree =
        new HostTree(root)
            .file("/usr/lib/sysctl.d/50.conf", OFF)
            .link("/etc/sysctl.d/50.conf", "/dev/null");

    assertThat(tree.report().isRight()).isTrue();
  }

  @Test
  void links_are_followed_inside_the_image_only() {
    HostTree tree =
        new HostTree(root)
            .file("/etc/sysctl.conf", "\n" + OFF)
            .link("/etc/sysctl.d/99-sysctl.conf", "../../../../etc/sysctl.conf")
            .link("/etc/sysctl.d/98-round.conf", "98-round.conf")
            .link("/etc/sysctl.d/97-none.conf", "/not/there.conf");

    assertThat(tree.report().findings())
        .extracting(Ipv6Finding::where)
        .containsExactly("/etc/sysctl.conf:2");
  }

  @Test
  void the_command_sysctl_applies_its_own_file_last_so_that_is_changed() {
    HostTree tree =
        new HostTree(root)
            .file("/etc/sysctl.conf", "kernel.x = 1\n-net.ipv6.conf.all.disable_ipv6=1 \n")
            .file("/etc/sysctl.d/98.conf", ON);

    Ipv6Report report = tree.report();

    assertThat(report.files())
        .containsOnlyKeys("/etc/sysctl.conf", DROP_IN)
        .containsEntry("/etc/sysctl.conf", "kernel.x = 1\n-net.ipv6.conf.all.disable_ipv6= 0\n");
    assertThat(tree.take(report).report().isRight()).isTrue();
  }

  @Test
  void our_file_has_a_name_behind_all_that_speak_of_ipv6() {
    HostTree tree =
        new HostTree(root)
            .file("/etc/sysctl.d/zzz-last.conf", OFF)
            .file("/etc/sysctl.d/~other.conf", "kernel.x = 1\n");

    Ipv6Report report = tree.report();

    assertThat(report.files()).containsOnlyKeys("/etc/sysctl.d/zzz-last_dualstack-ipv6.conf");
    assertThat(tree.take(report).report().isRight()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "net.ipv6.conf.eth0.disable_ipv6 = 1",
        "net/ipv6/conf/eth0/disable_ipv6=1",
        "net.ipv6.conf.*.disable_ipv6 = 1",
        "net.ipv6.conf.eth?.disable_ipv6 = 1",
        "-net.ipv6.conf.lo.disable_ipv6 = 1",
        "net.ipv6.conf.default.disable_ipv6 = yes",
        "net.ipv6.conf.*.accept_ra = 0",
      })
  void a_wrong_line_is_found_and_outdone_in_both_programs(String line) {
    // The value that is repeated keeps its early place in systemd's order.
    HostTree tree =
        new HostTree(root)
            .file("/etc/sysctl.d/10.conf", ON + "net.ipv6.conf.default.disable_ipv6 = 0\n")
            .file("/etc/sysctl.d/20.conf", "\n; c\n" + line + "\n")
            .running();

    Ipv6Report report = tree.report();

    assertThat(report.findings())
        .extracting(Ipv6Finding::where)
        .containsExactly("/etc/sysctl.d/20.conf:3");
    assertThat(tree.take(report).report().isRight()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-net.ipv6.conf.eth0.disable_ipv6",
        "net.ipv6.conf.all.disable_ipv6",
        "net.ipv6.conf.all.accept_redirects = 1",
        "net.ipv6.conf.[.disable_ipv6x = 1",
        "net.ipv4.conf.all.forwarding = 0",
        "# net.ipv6.conf.all.disable_ipv6 = 1",
        "net.ipv6.conf.all.disable_ipv6 = 0x0",
      })
  void other_lines_are_left_alone(String line) {
    assertThat(new HostTree(root).file("/etc/sysctl.d/20.conf", line).report().isRight()).isTrue();
  }

  @Test
  void a_pattern_leaves_alone_what_any_line_names() {
    HostTree tree =
        new HostTree(root)
            .file("/etc/sysctl.d/10.conf", "net.ipv6.conf.l*.disable_ipv6 = 1\n")
            .file("/etc/sysctl.d/20.conf", "net.ipv6.conf.lo.disable_ipv6 = 0\n");

    for (SysctlProgram program :
        List.of(
            SysctlProgram.bySystemd(tree.snapshot().dropIns()),
            SysctlProgram.byProcps(tree.snapshot().dropIns(), Optional.empty()))) {
      assertThat(program.deciding("lo", "disable_ipv6")).map(SysctlLine::value).contains("0");
      assertThat(program.decidingLater("l1", "disable_ipv6")).map(SysctlLine::value).contains("1");
    }
  }

  @Test
  void what_is_there_already_is_not_written_by_systemd_and_so_reaches_no_device() {
    HostTree tree =
        new HostTree(root)
            .running()
            .file("/etc/sysctl.d/10.conf", "net.ipv6.conf.eth0.disable_ipv6 = 1\n" + ON);

    assertThat(tree.report().findings())
        .extracting(Ipv6Finding::where)
        .containsExactly("/etc/sysctl.d/10.conf:1");
  }

  @Test
  void our_own_file_keeps_what_it_said() {
    HostTree tree =
        new HostTree(root)
            .running()
            .file(DROP_IN, ON + "net.ipv6.conf.eth1.disable_ipv6 = 0\n")
            .device("eth0", 1, 1, 0);

    assertThat(tree.report().files().get(DROP_IN))
        .contains("eth0.disable_ipv6 = 0\n", "eth1.disable_ipv6 = 0\n");
  }

  @Test
  void a_file_that_is_in_place_and_not_in_force_is_not_written_again() {
    HostTree tree = new HostTree(root).running().device("all", 1, 1, 0);
    Ipv6Report first = tree.report();

    Ipv6Report second = tree.take(first).report();

    assertThat(first.files()).isNotEmpty();
    assertThat(second.files()).isEmpty();
    assertThat(second.findings()).isNotEmpty();
    assertThat(second.commands()).isEqualTo(first.commands());
  }

  @Test
  void what_is_not_utf8_survives() {
    HostTree tree = new HostTree(root).file("/etc/sysctl.conf", "# caf\u00e9\n" + OFF);

    assertThat(tree.report().files().get("/etc/sysctl.conf")).isEqualTo("# caf\u00e9\n" + ON);
  }
}
