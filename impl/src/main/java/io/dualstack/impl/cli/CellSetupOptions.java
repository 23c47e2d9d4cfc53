package io.dualstack.impl.cli;

import io.dualstack.firewall.BackendKind;
import io.dualstack.impl.cni.wrapper.UnderlayDevices;
import io.dualstack.impl.firewall.setup.CellSetup;
import io.dualstack.impl.firewall.setup.SetupFiles;
import io.dualstack.impl.kernel.Namespace;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The files that say what the firewall of a cell should be. */
final class CellSetupOptions {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      required = true,
      description = "JSON of the cell, with the keys of the plugin cni-wrapper-plugin.")
  private Path config = Path.of("");

  @Option(
      names = "--containers",
      paramLabel = "FILE",
      required = true,
      description = "JSON of the containers by handle, as that plugin keeps them.")
  private Path containers = Path.of("");

  @Option(
      names = "--groups",
      paramLabel = "FILE",
      arity = "1..*",
      description = "JSON of security groups with the spaces they are bound to.")
  private List<Path> files = List.of();

  @Option(
      names = "--policies",
      paramLabel = "FILE",
      description = "JSON of policies with tags, as the policy server tells cells.")
  private @Nullable Path policies;

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      description =
          "What enforces the rules: iptables or nftables (default: what the configuration says).")
  private @Nullable BackendKind backend;

  @Mixin private FirewallCommand.GroupOptions groups;

  CellSetup read(Namespace host) {
    return CellSetup.read(
        new SetupFiles(config, containers, files, policies),
        groups.options(),
        backend,
        fields -> UnderlayDevices.of(fields, host));
  }
}
