package io.dualstack.impl.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Entry point of the executable jar. */
@Command(
    name = "dualstack",
    description = {
      "IPv6 beside IPv4 for a platform: addresses and delegated prefixes, leases, containers,",
      "firewalls, policies, routes. Start with 'dualstack lab up --test' for all of it on this",
      "machine."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = {
      LabCommand.class,
      TraceCommand.class,
      PlanCommand.class,
      ApplyCommand.class,
      ReleaseCommand.class,
      DriftCommand.class,
      UsageCommand.class,
      ReportCommand.class,
      ShowCommand.class,
      FsckCommand.class,
      StoreCommand.class,
      ProvidersCommand.class,
      PoolsCommand.class,
      CpiCommand.class,
      LeasesCommand.class,
      CellCommand.class,
      IpamCommand.class,
      CniCommand.class,
      GardenNetworkCommand.class,
      FirewallCommand.class,
      HostCommand.class,
      InstancesCommand.class,
      SecurityGroupCommand.class,
      PoliciesCommand.class,
      RoutesCommand.class,
      ManCommand.class
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:success", "1:refused, with the reasons", "2:wrong usage"})
public final class Main extends CommandGroup {
  private Main() {}

  /** Runs the command line and ends the virtual machine with its exit code. */
  public static void main(String[] args) {
    quiet("com.zaxxer.hikari");
    quiet("org.flywaydb");
    System.exit(commandLine().execute(args));
  }

  /** Leaves out what a library says when all is well, unless the user asked for it. */
  private static void quiet(String library) {
    String level = "org.slf4j.simpleLogger.log." + library;
    if (System.getProperty(level) == null
        && System.getProperty("org.slf4j.simpleLogger.defaultLogLevel") == null) {
      System.setProperty(level, "warn");
    }
  }

  /** The command line, ready to execute: refusals are told in words, never as a stack trace. */
  static CommandLine commandLine() {
    CommandLine commandLine =
        new CommandLine(new Main())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setUsageHelpAutoWidth(true)
            .setParameterExceptionHandler(new UsageFaults())
            .setExecutionExceptionHandler(new Refusals());
    HelpText.layOut(commandLine.getCommandSpec());
    return commandLine;
  }
}
