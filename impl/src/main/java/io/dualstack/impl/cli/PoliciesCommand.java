package io.dualstack.impl.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.impl.cni.wrapper.UnderlayDevices;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.impl.policy.PolicyStores;
import io.dualstack.impl.policy.agent.AgentConfig;
import io.dualstack.impl.policy.agent.AgentService;
import io.dualstack.impl.policy.service.PolicyServerConfig;
import io.dualstack.impl.policy.service.PolicyService;
import io.dualstack.policy.PolicyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code dualstack policies}. */
@Command(
    name = "policies",
    description =
        "Network policies, tags and security groups (the policy server's and the policy agent's"
            + " roles).",
    mixinStandardHelpOptions = true,
    subcommands = {PoliciesCommand.Serve.class, PoliciesCommand.Agent.class})
final class PoliciesCommand extends CommandGroup {
  /** {@code dualstack policies serve}. */
  @Command(
      name = "serve",
      description = {
        "Serves policies to cells and to people, and has security groups follow Cloud Controller,",
        "as far as the configuration asks for it, until it is asked to end."
      },
      mixinStandardHelpOptions = true,
      footer = "dualstack policies serve --config policy-server.json")
  static final class Serve implements Callable<Integer> {
    @Mixin private ConfigOption option;
    @Mixin private OutputOptions output;

    @Override
    public Integer call() {
      HttpServerProperties.set();
      PolicyServerConfig config = PolicyServerConfig.read(option.file());
      option.warn(config.warnings());
      try (Termination termination = new Termination();
          PolicyStore store = PolicyStores.open(config.store(), config.tagLength());
          PolicyService service = PolicyService.start(config, store)) {
        if (output.isJson()) {
          output.print(json(service, store));
        } else {
          option.say(words(service, store));
        }
        termination.asked().join();
      }
      return 0;
    }

    private static String words(PolicyService service, PolicyStore store) {
      List<String> parts = new ArrayList<>();
      service.internalPort().ifPresent(port -> parts.add("to cells on port " + port));
      service.externalPort().ifPresent(port -> parts.add("to people on port " + port));
      if (service.syncs()) {
        parts.add("security groups from Cloud Controller");
      }
      return "policies: %s, store %s".formatted(String.join(", ", parts), store.location());
    }

    private static ObjectNode json(PolicyService service, PolicyStore store) {
      ObjectNode node = Json.object();
      service.internalPort().ifPresent(port -> node.put("internal_port", port));
      service.externalPort().ifPresent(port -> node.put("external_port", port));
      return node.put("security_group_sync", service.syncs()).put("store", store.location());
    }
  }

  /** {@code dualstack policies agent}. */
  @Command(
      name = "agent",
      description = {
        "Puts policies and security groups in force for the containers of this cell as the policy",
        "server says, until it is asked to end; the rules stay."
      },
      mixinStandardHelpOptions = true,
      footer = "dualstack policies agent --config agent.json")
  static final class Agent implements Callable<Integer> {
    @Mixin private ConfigOption option;
    @Mixin private OutputOptions output;

    @Override
    public Integer call() {
      HttpServerProperties.set();
      Namespace host = Namespace.own();
      AgentConfig config =
          AgentConfig.read(option.file(), fields -> UnderlayDevices.of(fields, host));
      option.warn(config.warnings());
      try (Termination termination = new Termination();
          AgentService service = AgentService.start(config, host)) {
        if (output.isJson()) {
          output.print(
              Json.object()
                  .put("force_port", service.forcePort())
                  .put("debug_port", service.debugPort())
                  .put("security_groups", service.syncsGroups())
                  .put("backend", config.backend().label())
                  .put("ipv6", config.cell().ipv6() != null));
        } else {
          option.say(
              "policies%s by %s%s, plugins ask port %d"
                  .formatted(
                      service.syncsGroups() ? " and security groups" : "",
                      config.backend().label(),
                      config.cell().ipv6() == null ? "" : ", IPv6 too",
                      service.forcePort()));
        }
        termination.asked().join();
      }
      return 0;
    }
  }
}
