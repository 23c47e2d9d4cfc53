package io.dualstack.impl.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.impl.firewall.KernelInput;
import io.dualstack.impl.firewall.setup.CellSetup;
import io.dualstack.impl.kernel.Namespace;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code dualstack firewall compile}. */
@Command(
    name = "compile",
    description =
        "Shows what apply would give the kernel of a cell that has no rules yet. Changes nothing.",
    mixinStandardHelpOptions = true,
    footer =
        "dualstack firewall compile --config wrapper.json --containers store.json --backend nftables")
final class FirewallCompileCommand implements Callable<Integer> {
  @Mixin private CellSetupOptions options;
  @Mixin private OutputOptions output;

  @Override
  public Integer call() {
    Namespace host = Namespace.own();
    CellSetup setup = options.read(host);
    List<KernelInput> inputs = setup.compile(host);
    if (output.isJson()) {
      ObjectNode node = Json.object().put("backend", setup.backend().label());
      ArrayNode list = node.putArray("inputs");
      for (KernelInput input : inputs) {
        ObjectNode line = list.addObject();
        ArrayNode command = line.putArray("command");
        input.command().forEach(command::add);
        line.put("input", input.text());
      }
      output.print(node);
    } else {
      for (KernelInput input : inputs) {
        output.out().println("# " + String.join(" ", input.command()));
        output.out().print(input.text());
      }
      output.out().flush();
    }
    return 0;
  }
}
