package io.dualstack.impl.cli;

import io.dualstack.impl.firewall.setup.CellSetup;
import io.dualstack.impl.kernel.Namespace;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code dualstack firewall apply}. */
@Command(
    name = "apply",
    description = {
      "Puts the firewall of a cell in force in this network namespace, in place of the rules that",
      "containers have there; those of others stay."
    },
    mixinStandardHelpOptions = true,
    footer =
        "dualstack firewall apply --config wrapper.json --containers store.json --groups asgs.json --ipv6")
final class FirewallApplyCommand implements Callable<Integer> {
  @Mixin private CellSetupOptions options;
  @Mixin private OutputOptions output;

  @Override
  public Integer call() {
    Namespace host = Namespace.own();
    CellSetup setup = options.read(host);
    setup.apply(host);
    boolean ipv6 = setup.cell().ipv6() != null;
    if (output.isJson()) {
      output.print(
          Json.object()
              .put("backend", setup.backend().label())
              .put("ipv6", ipv6)
              .put("containers", setup.containers().size())
              .put("policies", setup.policies().allowed().size()));
    } else {
      output
          .out()
          .println(
              "firewall: %d containers and %d policies in force by %s%s"
                  .formatted(
                      setup.containers().size(),
                      setup.policies().allowed().size(),
                      setup.backend().label(),
                      ipv6 ? ", IPv6 too" : ""));
      output.out().flush();
    }
    return 0;
  }
}
