package io.dualstack.impl.host.ipv6;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.InvalidConfigurationException;
import io.dualstack.cell.HostIpv6.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Ipv6CheckTest {
  private static final String DROP_IN = "/etc/sysctl.d/99-zz-dualstack-ipv6.conf";
  private static final String ON =
      """
      # IPv6 is on. Written by: dualstack host render
      net.ipv6.conf.all.disable_ipv6 = 0
      net.ipv6.conf.default.disable_ipv6 = 0
      """;

  @TempDir Path root;

  @Test
  void a_host_with_ipv6_needs_nothing() {
    Ipv6Report report = new HostTree(root).running().report();

    assertThat(report.isRight()).isTrue();
    assertThat(report.files()).isEmpty();
    assertThat(report.commands()).isEmpty();
    assertThat(report.reboot()).isFalse();
    assertThat(report.running().state()).isEqualTo(State.ENABLED);
  }

  @Test
  void an_image_that_says_nothing_of_ipv6_needs_nothing() {
    Ipv6Report report =
        new HostTree(root)
            .file("/etc/sysctl.d/10.conf", "net.ipv6.conf.all.accept_redirects = 0\n")
            .file("/boot/grub/grub.cfg", "linux /vmlinuz ro quiet\n")
            .report();

    assertThat(report.isRight()).isTrue();
    assertThat(report.running()).isNull();
  }

  @Test
  void each_place_where_an_image_turns_ipv6_off_is_named_with_its_line() {
    Ipv6Report report = HostTree.jammy(root).report();

    assertThat(report.findings())
        .extracting(Ipv6Finding::where)
        .containsExactly(
            "/boot/grub/grub.cfg:2",
            "/boot/efi/EFI/grub/grub.cfg:1",
            "/etc/modprobe.d/blacklist.conf:2",
            "/etc/sysctl.d/60-bosh-sysctl.conf:4",
            "/etc/sysctl.d/60-bosh-sysctl.conf:6",
            "/etc/sysctl.d/60-bosh-sysctl.conf:7");
    assertThat(report.findings().get(4))
        .isEqualTo(
            new Ipv6Finding(
                "/etc/sysctl.d/60-bosh-sysctl.conf:6",
                "net.ipv6.conf.all.disable_ipv6 = 1",
                "0",
                "no device can have an IPv6 address, once the files are applied"));
  }

  @Test
  void the_files_for_an_image_change_what_is_about_ipv6_and_no_other_word() {
    Ipv6Report report = HostTree.jammy(root).report();

    assertThat(report.files())
        .containsOnlyKeys(
            "/boot/efi/EFI/grub/grub.cfg",
            "/boot/grub/grub.cfg",
            "/etc/modprobe.d/blacklist.conf",
            DROP_IN)
        .containsEntry(
            "/boot/grub/grub.cfg",
            """
            menuentry 'Ubuntu' {
              linux /boot/vmlinuz-5.15 root=UUID=1 ro audit=1 console=ttyS0
              initrd /boot/initrd.img-5.15
            }
            """)
        .containsEntry(
            "/etc/modprobe.d/blacklist.conf",
            "install usb-storage /bin/true\n# options ipv6 disable=1\nblacklist floppy\n")
        .containsEntry(
            DROP_IN,
            """
            # IPv6 is on. Written by: dualstack host render
            net.ipv6.conf.default.accept_ra = 1
            net.ipv6.conf.all.disable_ipv6 = 0
            net.ipv6.conf.default.disable_ipv6 = 0
            """);
    assertThat(report.reboot()).as("nothing runs that could be restarted").isFalse();
    assertThat(report.commands()).isEmpty();
  }

  @Test
  void an_image_with_the_files_in_place_needs_nothing_more() {
    HostTree tree = HostTree.jammy(root);

    assertThat(tree.take(tree.report()).report().isRight()).isTrue();
  }

  @Test
  void a_kernel_that_was_started_without_ipv6_must_be_started_again() {
    Ipv6Report report =
        HostTree.jammy(root).runningWithout("root=UUID=1 ro ipv6.disable=1").report();

    assertThat(report.running().state()).isEqualTo(State.DISABLED_AT_BOOT);
    assertThat(report.findings())
        .extracting(Ipv6Finding::where)
        .contains("/proc/cmdline:1", "/boot/grub/grub.cfg:2");
    assertThat(report.reboot()).isTrue();
    assertThat(report.commands()).isEmpty();
  }

  @Test
  void a_kernel_whose_loader_is_right_already_needs_the_start_alone() {
    Ipv6Report report =
        new HostTree(root)
            .file("/boot/grub/grub.cfg", "linux /vmlinuz ro\n")
            .runningWithout("ro ipv6.disable=1")
            .report();

    assertThat(report.files()).isEmpty();
    assertThat(report.reboot()).isTrue();
  }

  @Test
  void a_module_that_was_loaded_without_ipv6_must_be_loaded_by_a_new_start() {
    Ipv6Report report =
        new HostTree(root)
            .file("/etc/modprobe.d/ipv6.conf", "options ipv6 disable=1 autoconf=0\n")
            .runningWithout("ro quiet")
            .report();

    assertThat(report.reboot()).isTrue();
    assertThat(report.files())
        .containsOnlyKeys("/etc/modprobe.d/ipv6.conf")
        .containsValue("# options ipv6 disable=1 autoconf=0\noptions ipv6 autoconf=0\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "blacklist ipv6",
        "install ipv6 /bin/true",
        "install ipv6 /usr/bin/false",
        "alias net-pf-10 off",
        "alias ipv6 off"
      })
  void a_module_that_is_kept_away_can_be_loaded_at_once(String line) {
    HostTree tree =
        new HostTree(root)
            .file("/usr/lib/modprobe.d/vendor.conf", line + "\n")
            .file("/proc/cmdline", "ro\n");
    Ipv6Report report = tree.report();

    assertThat(report.running().state()).isEqualTo(State.ABSENT);
    assertThat(report.reboot()).isFalse();
    assertThat(report.commands()).containsExactly(List.of("modprobe", "ipv6"));
    assertThat(report.files())
        .containsOnlyKeys("/etc/modprobe.d/vendor.conf")
        .containsValue("# " + line + "\n");
    assertThat(tree.take(report).running().report().isRight()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "options ipv6 disable=0",
        "options ipv6 autoconf=0",
        "options other disable=1",
        "# blacklist ipv6",
        "blacklist ipv6foo",
        "install ipv6 /sbin/modprobe --ignore-install ipv6",
        "alias net-pf-10 ipv6"
      })
  void other_lines_about_modules_are_left_alone(String line) {
    assertThat(new HostTree(root).file("/etc/modprobe.d/a.conf", line + "\n").report().isRight())
        .isTrue();
  }

  @Test
  void a_line_that_goes_on_below_is_one_line() {
    Ipv6Report report =
        new HostTree(root)
            .file("/etc/modprobe.d/a.conf", "alias x y\noptions ipv6 \\\n  disable=1\nblacklist z")
            .report();

    assertThat(report.findings())
        .extracting(Ipv6Finding::where)
        .containsExactly("/etc/modprobe.d/a.conf:2");
    assertThat(report.files().values())
        .containsExactly("alias x y\n# options ipv6 \n#   disable=1\nblacklist z");
  }

  @Test
  void where_ipv6_is_built_in_no_option_of_a_module_counts() {
    HostTree tree = new HostTree(root).file("/etc/modprobe.d/a.conf", "options ipv6 disable=1\n");
    String builtIn = "kernel/net/ipv6/ipv6.ko\nkernel/net/core.ko\n";

    tree.file("/lib/modules/5.15.0/modules.builtin", builtIn);
    assertThat(tree.report().isRight()).isTrue();

    tree.file("/lib/modules/6.1.0/modules.builtin", "kernel/net/core.ko\n");
    assertThat(tree.report().isRight()).as("one of two kernels").isFalse();

    tree.running().file("/proc/sys/kernel/osrelease", "5.15.0\n");
    assertThat(tree.report().isRight()).as("the one that runs").isTrue();
  }

  @Test
  void settings_are_changed_without_a_new_start() {
    Ipv6Report report =
        new HostTree(root)
            .running()
            .file("/etc/sysctl.d/60-bosh-sysctl.conf", "net.ipv6.conf.all.disable_ipv6=1\n")
            .device("all", 1, 1, 0)
            .device("default", 1, 1, 0)
            .device("eth0", 1, 1, 0)
            .report();

    assertThat(report.running().state()).isEqualTo(State.DISABLED_BY_SYSCTL);
    assertThat(report.reboot()).isFalse();
    assertThat(report.commands()).containsExactly(List.of("sysctl", "-e", "-p", DROP_IN));
    assertThat(report.files()).containsOnlyKeys(DROP_IN);
    assertThat(report.files().get(DROP_IN)).isEqualTo(ON + "net.ipv6.conf.eth0.disable_ipv6 = 0\n");
    assertThat(report.findings())
        .extracting(Ipv6Finding::where)
        .contains(
            "/proc/sys/net/ipv6/conf/all/disable_ipv6", "/etc/sysctl.d/60-bosh-sysctl.conf:1");
  }

  @Test
  void a_host_that_works_now_is_told_of_the_file_that_will_turn_it_off() {
    Ipv6Report report =
        new HostTree(root)
            .running()
            .file("/etc/sysctl.d/60-bosh-sysctl.conf", "net.ipv6.conf.all.disable_ipv6=1\n")
            .report();

    assertThat(report.findings()).hasSize(1);
    assertThat(report.files()).containsOnlyKeys(DROP_IN).containsValue(ON);
    assertThat(report.commands()).as("nothing is wrong now").isEmpty();
  }

  @Test
  void the_boot_parameter_that_only_turns_settings_off_needs_no_new_start() {
    Ipv6Report report =
        new HostTree(root)
            .running()
            .file("/proc/cmdline", "ro ipv6.disable_ipv6=1\n")
            .file("/boot/grub/grub.cfg", "linux /vmlinuz ipv6.disable_ipv6=1 ro\n")
            .parameters(0, 1)
            .device("default", 1, 1, 0)
            .report();

    assertThat(report.running().state()).isEqualTo(State.DISABLED_AT_BOOT);
    assertThat(report.reboot()).isFalse();
    assertThat(report.files())
        .containsEntry("/boot/grub/grub.cfg", "linux /vmlinuz ro\n")
        .containsEntry(DROP_IN, ON);
    assertThat(report.commands()).containsExactly(List.of("sysctl", "-e", "-p", DROP_IN));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "linux /v ipv6.disable=1 ro | linux /v ro",
        "linux /v ro ipv6.disable=1 | linux /v ro",
        "GRUB_CMDLINE_LINUX=\"ipv6.disable=1\" | GRUB_CMDLINE_LINUX=\"\"",
        "GRUB_CMDLINE_LINUX=\"ipv6.disable=1 a\" | GRUB_CMDLINE_LINUX=\"a\"",
        "linux /v ipv6.disable=0 ipv6.disable=1 ipv6.disable_ipv6=1 b | linux /v b",
        "linux /v ipv6.disable=0x1 | linux /v",
      })
  void the_parameter_is_taken_out_of_its_line(String line, String right) {
    Ipv6Report report = new HostTree(root).file("/boot/grub/grub.cfg", line).report();

    assertThat(report.files()).containsEntry("/boot/grub/grub.cfg", right);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "# linux /v ipv6.disable=1",
        "linux /v ipv6.disable=0",
        "linux /v ipv6.disable=1 ipv6.disable=0",
        "linux /v xipv6.disable=1",
        "linux /v ipv6.autoconf=1"
      })
  void other_parameters_are_left_alone(String line) {
    assertThat(new HostTree(root).file("/boot/grub/grub.cfg", line).report().isRight()).isTrue();
  }

  @Test
  void without_the_loaders_own_file_it_is_made_anew() {
    HostTree tree =
        new HostTree(root)
            .file("/etc/default/grub.d/50-image.cfg", "GRUB_CMDLINE_LINUX=\"ipv6.disable=1\"\n")
            .runningWithout("ipv6.disable=1");

    assertThat(tree.report().commands()).containsExactly(List.of("update-grub"));

    tree.file("/boot/grub/grub.cfg", "linux /v ipv6.disable=1\n");
    assertThat(tree.report().commands()).isEmpty();
  }

  @Test
  void a_kernel_without_the_table_of_addresses_is_not_usable_whatever_its_settings()
      throws IOException {
    HostTree tree = new HostTree(root).running();
    Files.delete(root.resolve("proc/net/if_inet6"));

    assertThat(tree.report().findings())
        .singleElement()
        .extracting(Ipv6Finding::where)
        .isEqualTo("/proc/net/if_inet6");
  }

  @Test
  void devices_of_programs_may_be_without_ipv6() {
    HostTree tree = new HostTree(root).running().device("docker0", 1, 0, 1);

    assertThat(tree.report().isRight()).isTrue();

    tree.file("/etc/sysctl.d/60.conf", "net.ipv6.conf.docker0.disable_ipv6 = 1\n");
    assertThat(tree.report().findings()).as("what files say is told").hasSize(1);
  }

  @Test
  void a_device_with_a_dot_in_its_name_is_spelled_with_slashes() {
    Ipv6Report report =
        new HostTree(root)
            .file("/etc/sysctl.d/60.conf", "net.ipv6.conf.eth0/100.disable_ipv6 = 1\n")
            .report();

    assertThat(report.findings())
        .extracting(Ipv6Finding::what)
        .containsExactly("net/ipv6/conf/eth0.100/disable_ipv6 = 1");
    assertThat(report.files().get(DROP_IN))
        .isEqualTo(ON + "net/ipv6/conf/eth0.100/disable_ipv6 = 0\n");
  }

  @Test
  void a_cell_passes_packets_on_and_hears_routers_all_the_same() {
    HostTree tree = new HostTree(root).running().device("veth0", 0, 1, 0);

    Ipv6Report report = tree.cellReport();

    assertThat(tree.report().isRight()).isTrue();
    assertThat(report.files())
        .containsOnlyKeys(DROP_IN)
        .containsValue(
            """
            # IPv6 is on. Written by: dualstack host render
            net.ipv6.conf.eth0.accept_ra = 2
            net.ipv6.conf.all.disable_ipv6 = 0
            net.ipv6.conf.default.disable_ipv6 = 0
            net.ipv6.conf.all.forwarding = 1
            """);
    assertThat(report.findings())
        .extracting(Ipv6Finding::where)
        .contains("/etc/sysctl.d/", "/proc/sys/net/ipv6/conf/all/forwarding");
    assertThat(
            tree.take(report).device("all", 0, 1, 1).device("eth0", 0, 2, 1).cellReport().isRight())
        .isTrue();
  }

  @Test
  void where_a_program_hears_routers_a_cell_leaves_it_alone() {
    Ipv6Report report = new HostTree(root).running().device("eth0", 0, 0, 1).cellReport();

    assertThat(report.files().get(DROP_IN)).doesNotContain("accept_ra");
  }

  @Test
  void what_is_no_directory_is_refused() {
    assertThatThrownBy(() -> new HostRoot(root.resolve("none")))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("none: is no directory");
  }
}
