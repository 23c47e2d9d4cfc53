package io.dualstack.impl.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Entry point of the executable jar. */
@Command(
    name = "dualstack",
    description = "Plans, allocates and shows dual-stack addresses and delegated prefixes.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = {
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
      LabCommand.class,
      TraceCommand.class
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:success", "1:refused, with the reasons", "2:wrong usage"})
public final class Main extends CommandGroup {
  private Main() {}

  /** Runs the command line and ends the virtual machine with its exit code. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  /** The command line, ready to execute: refusals are told in words, never as a stack trace. */
  static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(new Refusals());
  }
}
