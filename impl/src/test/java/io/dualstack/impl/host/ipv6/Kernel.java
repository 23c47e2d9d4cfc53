package io.dualstack.impl.host.ipv6;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/**
 * A small model of the kernel's settings for a host with one NIC, and of the commands that change
 * them.
 */
final class Kernel {
  private static final List<String> DEVICES = List.of("all", "default", "lo", "eth0");

  /** Why there is no IPv6, or that there is. */
  enum Start {
    ON,
    WITHOUT,
    NOT_LOADED
  }

  private final Start start;
  private final List<List<Integer>> settings;

  private Kernel(Start start, List<List<Integer>> settings) {
    this.start = start;
    this.settings = settings;
  }

  static Arbitrary<Kernel> any() {
    return Combinators.combine(
            Arbitraries.of(Start.ON, Start.ON, Start.WITHOUT, Start.NOT_LOADED),
            Arbitraries.integers().between(0, 1).list().ofSize(3).list().ofSize(DEVICES.size()))
        .as(Kernel::new);
  }

  /** What is built in is there. */
  boolean canHave(boolean builtIn) {
    return start != Start.NOT_LOADED || !builtIn;
  }

  boolean isOff() {
    return start != Start.ON;
  }

  void writeTo(HostTree tree) {
    switch (start) {
      case WITHOUT -> tree.runningWithout("ro ipv6.disable=1");
      case NOT_LOADED -> tree.file("/proc/cmdline", "ro\n");
      case ON -> {
        tree.running();
        for (int i = 0; i < DEVICES.size(); i++) {
          List<Integer> values = settings.get(i);
          tree.device(DEVICES.get(i), values.get(0), values.get(1), values.get(2));
        }
      }
    }
  }

  /** Does as the report says, once its files are in place. */
  void take(Ipv6Report report, HostTree tree) {
    assertThat(report.reboot()).isEqualTo(start == Start.WITHOUT);
    assertThat(report.commands().contains(List.of("modprobe", "ipv6")))
        .isEqualTo(start == Start.NOT_LOADED);
    if (report.reboot()) {
      started(tree, report);
    } else {
      run(report.commands(), tree);
    }
  }

  /** Starts a kernel with the host's files, by systemd. */
  private static void started(HostTree tree, Ipv6Report report) {
    assertThat(report.commands()).as("what must be done before").isEmpty();
    tree.running();
    Ipv6Snapshot snapshot = tree.snapshot();
    for (HostFile file : snapshot.bootFiles()) {
      assertThat(file.lines().stream().filter(line -> !line.startsWith("#")).toList().toString())
          .doesNotContain("ipv6.disable");
    }
    apply(SysctlProgram.bySystemd(snapshot.dropIns()), tree);
  }

  /** What a program makes of the devices that are there; what is no number is refused. */
  private static void apply(SysctlProgram program, HostTree tree) {
    for (String device : DEVICES) {
      for (String variable : Need.VARIABLES) {
        program
            .deciding(device, variable)
            .filter(line -> !line.value().equals("x"))
            .ifPresent(line -> tree.setting(device, variable, Integer.decode(line.value())));
      }
    }
  }

  static void run(List<List<String>> commands, HostTree tree) {
    for (List<String> command : commands) {
      switch (command.get(0)) {
        case "modprobe" -> tree.running();
        case "sysctl" -> {
          List<HostFile> files = new ArrayList<>(tree.snapshot().dropIns());
          files.removeIf(file -> !file.path().equals(command.get(3)));
          assertThat(files).hasSize(1);
          for (SysctlLine line : SysctlLine.of(files.get(0))) {
            DEVICES.stream()
                .filter(device -> device.equals(line.device()) || isForAll(line))
                .forEach(
                    device -> tree.setting(device, line.variable(), Integer.decode(line.value())));
          }
        }
        default -> throw new AssertionError(command);
      }
    }
  }

  private static boolean isForAll(SysctlLine line) {
    return "all".equals(line.device()) && !line.variable().equals("accept_ra");
  }

  @Override
  public String toString() {
    return start + " " + settings;
  }
}
