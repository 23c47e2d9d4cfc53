package io.dualstack.impl.cli;

import io.dualstack.DualstackException;
import io.dualstack.cni.IpamDurability;
import io.dualstack.impl.cell.PluginSocket;
import io.dualstack.impl.cni.hostlocal.HostLocalIpam;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.impl.lease.service.CellService;
import io.dualstack.impl.lease.service.DaemonConfig;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code dualstack cell}. */
@Command(
    name = "cell",
    description = "This machine as a cell of the overlay network (the Silk daemon's role).",
    mixinStandardHelpOptions = true,
    subcommands = {CellCommand.Serve.class, CellCommand.TearDown.class})
final class CellCommand extends CommandGroup {
  /** {@code dualstack cell serve}. */
  @Command(
      name = "serve",
      description = {
        "Keeps the cell's lease, connects it to the other cells and answers plugins, until it is",
        "asked to end; lease and device stay. Ends by itself only when the cell can't go on."
      },
      mixinStandardHelpOptions = true,
      footer = "dualstack cell serve --config daemon.json --plugin-socket /run/dualstack/cni.sock")
  static final class Serve implements Callable<Integer> {
    @Mixin private ConfigOption option;

    @Option(
        names = "--plugin-socket",
        paramLabel = "FILE",
        description = "Does the work of installed plugins, which call it by this unix socket.")
    private @Nullable Path pluginSocket;

    @Override
    public Integer call() {
      DaemonConfig config = DaemonConfig.read(option.file());
      option.warn(config.warnings());
      try (Termination termination = new Termination();
          CellService service = CellService.start(config, Namespace.own());
          PluginSocket socket = servePlugins(service)) {
        assert (socket == null) == (pluginSocket == null);
        option.say(
            "cell %s with %s%s, plugins ask port %d"
                .formatted(
                    service.agent().lease().underlayIp(),
                    service.agent().networks().overlaySubnet(),
                    service.agent().networks().ipv6().map(prefix -> " and " + prefix).orElse(""),
                    service.address().getPort()));
        CompletableFuture<DualstackException> failure = service.agent().failure();
        CompletableFuture.anyOf(termination.asked(), failure).join();
        if (failure.isDone()) {
          throw failure.join();
        }
      }
      return 0;
    }

    private @Nullable PluginSocket servePlugins(CellService service) {
      return pluginSocket == null
          ? null
          : PluginSocket.serve(
              pluginSocket,
              new HostLocalIpam(IpamDurability.DURABLE),
              Namespace.own(),
              service.instances(),
              service.meters());
    }
  }

  /** {@code dualstack cell teardown}. */
  @Command(
      name = "teardown",
      description = "Gives up the cell's lease and removes its overlay device.",
      mixinStandardHelpOptions = true,
      footer = "dualstack cell teardown --config daemon.json")
  static final class TearDown implements Callable<Integer> {
    @Mixin private ConfigOption option;

    @Override
    public Integer call() {
      DaemonConfig config = DaemonConfig.read(option.file());
      option.warn(config.warnings());
      CellService.tearDown(config, Namespace.own());
      return 0;
    }
  }
}
