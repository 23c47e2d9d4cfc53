package io.dualstack.impl.host.ipv6;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** On any host: what the report says makes it right, and then there is no more to say. */
class Ipv6RepairProperties {
  /** A line and the file it is in. */
  record Placed(String path, String line) {}

  /** The files of a host; none of the kernel. */
  record Host(List<Placed> settings, List<Placed> modules, List<Placed> boot, boolean builtIn) {
    void writeTo(HostTree tree) {
      TreeMap<String, String> files = new TreeMap<>();
      files.put("/boot/grub/grub.cfg", "linux /vmlinuz ro\n");
      for (List<Placed> lines : List.of(settings, modules, boot)) {
        lines.forEach(placed -> files.merge(placed.path(), placed.line() + "\n", String::concat));
      }
      if (builtIn) {
        files.put("/lib/modules/6.1/modules.builtin", "kernel/net/ipv6/ipv6.ko\n");
      }
      files.forEach(tree::file);
    }
  }

  @Property(tries = 300)
  void the_files_leave_nothing_to_find_in_an_image(@ForAll("hosts") Host host, @ForAll Need need)
      throws IOException {
    in(
        host,
        tree -> {
          Ipv6Report report = Ipv6Check.of(tree.snapshot(), need);
          tree.take(report);

          Ipv6Report again = Ipv6Check.of(tree.snapshot(), need);
          assertThat(again.findings()).isEmpty();
          assertThat(again.files()).isEmpty();
          assertThat(report.reboot()).isFalse();
        });
  }

  @Property(tries = 300)
  void files_and_commands_leave_nothing_to_find_on_a_host_that_runs(
      @ForAll("hosts") Host host, @ForAll("kernels") Kernel kernel, @ForAll Need need)
      throws IOException {
    Assume.that(kernel.canHave(host.builtIn()));
    in(
        host,
        tree -> {
          kernel.writeTo(tree);
          Ipv6Report report = Ipv6Check.of(tree.snapshot(), need);
          tree.take(report);
          Ipv6Report before = Ipv6Check.of(tree.snapshot(), need);
          assertThat(before.files()).as("written once").isEmpty();

          kernel.take(report, tree);
          if (kernel.isOff() && need == Need.CELL) {
            // Only now there are settings of the uplink that can be looked at.
            Ipv6Report more = Ipv6Check.of(tree.snapshot(), need);
            assertThat(more.reboot()).isFalse();
            Kernel.run(more.commands(), tree.take(more));
          }

          assertThat(Ipv6Check.of(tree.snapshot(), need).findings()).isEmpty();
        });
  }

  @Property(tries = 300)
  void a_report_is_made_of_the_snapshot_alone(@ForAll("hosts") Host host, @ForAll Need need)
      throws IOException {
    in(
        host,
        tree -> {
          Ipv6Snapshot snapshot = tree.snapshot();
          assertThat(Ipv6Check.of(snapshot, need)).isEqualTo(Ipv6Check.of(snapshot, need));
          assertThat(tree.snapshot()).isEqualTo(snapshot);
          assertThat(Ipv6Check.of(snapshot, Need.CELL).findings())
              .as("a cell needs more")
              .containsAll(Ipv6Check.of(snapshot, Need.ADDRESSES).findings());
        });
  }

  private interface Body {
    void run(HostTree tree) throws IOException;
  }

  private static void in(Host host, Body body) throws IOException {
    Path root = Files.createTempDirectory("host-ipv6");
    try {
      HostTree tree = new HostTree(root);
      host.writeTo(tree);
      body.run(tree);
    } finally {
      MoreFiles.deleteRecursively(root, RecursiveDeleteOption.ALLOW_INSECURE);
    }
  }

  @Provide
  Arbitrary<Host> hosts() {
    return Combinators.combine(
            placed(
                    List.of("/etc/sysctl.d/", "/run/sysctl.d/", "/usr/lib/sysctl.d/"),
                    List.of("10.conf", "60-bosh-sysctl.conf", "99-zz.conf", "zz.conf"),
                    settings())
                .list()
                .ofMaxSize(6),
            placed(
                    List.of("/etc/modprobe.d/", "/usr/lib/modprobe.d/"),
                    List.of("a.conf", "b.conf"),
                    Arbitraries.of(
                        "options ipv6 disable=1",
                        "options ipv6 disable=1 autoconf=0",
                        "options ipv6 disable=0",
                        "install ipv6 /bin/true",
                        "blacklist ipv6",
                        "blacklist pcspkr"))
                .list()
                .ofMaxSize(3),
            placed(
                    List.of("/etc/default/", "/boot/grub/"),
                    List.of("grub", "grub.cfg"),
                    Arbitraries.of(
                        "linux /vmlinuz ipv6.disable=1 ro",
                        "linux /vmlinuz ro ipv6.disable_ipv6=1",
                        "GRUB_CMDLINE_LINUX=\"ipv6.disable=1\"",
                        "# ipv6.disable=1"))
                .list()
                .ofMaxSize(3),
            placed(List.of("/etc/"), List.of("sysctl.conf"), settings()).list().ofMaxSize(2),
            Arbitraries.of(true, false))
        .as(
            (settings, modules, boot, conf, builtIn) -> {
              List<Placed> all = new ArrayList<>(settings);
              all.addAll(conf);
              return new Host(all, modules, boot, builtIn);
            })
        // There are so many that nothing else would be tried.
        .withoutEdgeCases();
  }

  private static Arbitrary<Placed> placed(
      List<String> directories, List<String> names, Arbitrary<String> lines) {
    return Combinators.combine(Arbitraries.of(directories), Arbitraries.of(names), lines)
        .as((directory, name, line) -> new Placed(directory + name, line));
  }

  private static Arbitrary<String> settings() {
    return Combinators.combine(
            Arbitraries.of("", "-"),
            Arbitraries.of("all", "default", "lo", "eth0", "eth9", "*", "eth?"),
            Arbitraries.of("disable_ipv6", "disable_ipv6", "accept_ra", "forwarding"),
            Arbitraries.of("0", "1", "2", "x"),
            Arbitraries.of(true, true, true, false))
        .as(
            (dash, device, variable, value, dotted) -> {
              String key = "net/ipv6/conf/" + device + "/" + variable;
              return dash + (dotted ? key.replace('/', '.') : key) + " = " + value;
            });
  }

  @Provide
  Arbitrary<Kernel> kernels() {
    return Kernel.any();
  }
}
