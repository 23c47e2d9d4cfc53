package io.dualstack.impl.cli;

import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.impl.StandardDualstackFactory;
import io.dualstack.impl.lease.service.ControllerConfig;
import io.dualstack.impl.lease.service.LeaseService;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code dualstack leases}. */
@Command(
    name = "leases",
    description = "The registry of the overlay network's leases (the Silk controller's role).",
    mixinStandardHelpOptions = true,
    subcommands = LeasesCommand.Serve.class)
final class LeasesCommand extends CommandGroup {
  /** {@code dualstack leases serve}. */
  @Command(
      name = "serve",
      description = "Serves the registry over HTTP with mutual TLS until it is asked to end.",
      mixinStandardHelpOptions = true,
      footer = "dualstack leases serve --config controller.json")
  static final class Serve implements Callable<Integer> {
    @Mixin private ConfigOption option;

    @Override
    public Integer call() {
      HttpServerProperties.set();
      ControllerConfig config = ControllerConfig.read(option.file());
      option.warn(config.warnings());
      try (Termination termination = new Termination();
          AllocationStore store = StandardDualstackFactory.openStore(config.store());
          LeaseService service = LeaseService.start(config, store)) {
        option.say(
            "leases of %s on port %d, store %s"
                .formatted(config.pool().network(), service.address().getPort(), store.location()));
        termination.asked().join();
      }
      return 0;
    }
  }
}
