package io.dualstack.impl.cli;

import io.dualstack.firewall.SecurityGroup;
import io.dualstack.impl.firewall.Difference;
import io.dualstack.impl.firewall.EgressFilter;
import io.dualstack.impl.firewall.ParityFinding;
import io.dualstack.impl.firewall.ParityReport;
import io.dualstack.impl.firewall.RuleComparison;
import io.dualstack.impl.firewall.RuleOptions;
import io.dualstack.impl.firewall.SecurityGroupFile;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dualstack firewall}. */
@Command(
    name = "firewall",
    description = "The firewall of a cell, and what security groups let through.",
    mixinStandardHelpOptions = true,
    subcommands = {
      FirewallCompileCommand.class,
      FirewallApplyCommand.class,
      FirewallExplainCommand.class,
      FirewallCommand.Diff.class,
      FirewallCommand.Parity.class
    })
final class FirewallCommand extends CommandGroup {
  /** How security groups are read. */
  static final class GroupOptions {
    @Option(names = "--ipv6", description = "Take IPv6 destinations and the protocol icmpv6.")
    private boolean ipv6;

    @Option(names = "--lists", description = "Take destinations that are comma-delimited lists.")
    private boolean lists;

    boolean ipv6() {
      return ipv6;
    }

    RuleOptions options() {
      return new RuleOptions(ipv6, lists);
    }

    List<SecurityGroup> read(List<Path> files) {
      return read(files, ipv6);
    }

    List<SecurityGroup> read(List<Path> files, boolean withIpv6) {
      return SecurityGroupFile.read(files, new RuleOptions(withIpv6, lists));
    }
  }

  /** {@code dualstack firewall diff}. */
  @Command(
      name = "diff",
      description =
          "Shows what two files of security groups let through differently, whatever their text.",
      mixinStandardHelpOptions = true,
      footer = "dualstack firewall diff old.json new.json --ipv6")
  static final class Diff implements Callable<Integer> {
    @Mixin private GroupOptions groups;
    @Mixin private OutputOptions output;

    @Parameters(index = "0", paramLabel = "OLD", description = "JSON of security groups.")
    private Path old = Path.of("");

    @Parameters(index = "1", paramLabel = "NEW", description = "JSON of security groups.")
    private Path young = Path.of("");

    @Option(
        names = "--most",
        paramLabel = "N",
        defaultValue = "100",
        description = "Stop after so many differences (default: ${DEFAULT-VALUE}).")
    private int most;

    @Override
    public Integer call() {
      List<Difference> differences =
          RuleComparison.differences(
              EgressFilter.ofGroups(groups.read(List.of(old))),
              EgressFilter.ofGroups(groups.read(List.of(young))),
              Math.max(1, most));
      FirewallReport.print(differences, differences.size() < Math.max(1, most), output);
      return 0;
    }
  }

  /** {@code dualstack firewall parity}. */
  @Command(
      name = "parity",
      description =
          "Shows where security groups are looser or stricter by IPv6 than by IPv4. IPv6"
              + " destinations are taken.",
      mixinStandardHelpOptions = true,
      footer = "dualstack firewall parity public.json dns.json")
  static final class Parity implements Callable<Integer> {
    @Mixin private GroupOptions groups;
    @Mixin private OutputOptions output;

    @Parameters(
        paramLabel = "FILE",
        arity = "1..*",
        description = "JSON of the security groups that apply together.")
    private List<Path> files = List.of();

    @Override
    public Integer call() {
      List<ParityFinding> findings = ParityReport.of(groups.read(files, true));
      FirewallReport.printParity(findings, output);
      return 0;
    }
  }
}
