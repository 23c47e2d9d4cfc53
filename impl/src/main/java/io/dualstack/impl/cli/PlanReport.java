package io.dualstack.impl.cli;

import io.dualstack.Diagnostic;
import io.dualstack.allocation.PlannedAction;
import io.dualstack.director.DeploymentPlan;
import io.dualstack.director.PlannedInstance;
import io.dualstack.director.PlannedNetwork;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** A plan, or what was applied, for people: a row for each instance, and the changes in words. */
final class PlanReport {

  private PlanReport() {}

  static void print(DeploymentPlan plan, String store, OutputOptions output) {
    plan.warnings().forEach(warning -> warn(output.err(), warning));
    if (output.isJson()) {
      output.print(Json.of(plan, store));
      return;
    }
    PrintWriter out = output.out();
    out.println("deployment: " + (plan.deployment().isEmpty() ? "none" : plan.deployment()));
    out.println("store:      " + store);
    if (!plan.provider().isEmpty()) {
      out.println("provider:   " + plan.provider());
    }
    out.println();
    Table table = new Table("INSTANCE", "AZ", "IPV4", "IPV6", "PREFIX", "ACTION");
    plan.instances().forEach(instance -> row(table, instance));
    if (!table.isEmpty()) {
      table.print(out);
      out.println();
    }
    plan.instances().forEach(instance -> details(out, instance));
    out.println(summary(plan));
    out.flush();
  }

  private static void row(Table table, PlannedInstance instance) {
    String zone = instance.zone();
    table.row(
        instance.id().shortName(),
        zone == null ? "-" : zone,
        cell(instance, network -> isAddress(network, IpFamily.IPV4)),
        cell(instance, network -> isAddress(network, IpFamily.IPV6)),
        cell(instance, PlanReport::isPrefix),
        Arrays.stream(PlannedAction.values())
            .filter(action -> count(instance, action) > 0)
            .map(
                action ->
                    count(instance, action) == instance.networks().size()
                        ? Json.word(action)
                        : count(instance, action) + " " + Json.word(action))
            .collect(Collectors.joining(", ")));
  }

  private static long count(PlannedInstance instance, PlannedAction action) {
    return instance.networks().stream().filter(network -> network.action() == action).count();
  }

  private static String cell(PlannedInstance instance, Predicate<PlannedNetwork> column) {
    String text =
        instance.networks().stream()
            .filter(column)
            .map(PlanReport::shown)
            .collect(Collectors.joining(","));
    return text.isEmpty() ? "-" : text;
  }

  private static String shown(PlannedNetwork network) {
    return network.chosen().map(PlanReport::shown).orElse("(" + network.name() + ")");
  }

  private static String shown(IpPrefix block) {
    return block.isSingle() ? block.first().toString() : block.toString();
  }

  private static boolean isAddress(PlannedNetwork network, IpFamily family) {
    IpPrefix block = network.block();
    return block != null && block.isSingle() && block.family() == family;
  }

  private static boolean isPrefix(PlannedNetwork network) {
    IpPrefix block = network.block();
    return block != null && !block.isSingle();
  }

  /** What is not plain from the row: replacements and releases with their reasons. */
  private static void details(PrintWriter out, PlannedInstance instance) {
    for (PlannedNetwork network : instance.networks()) {
      IpPrefix replaced = network.replaces();
      if (replaced != null) {
        out.printf(
            "%s: %s: %s replaced by %s: %s%n",
            instance.id().shortName(),
            network.name(),
            shown(replaced),
            network.chosen().map(PlanReport::shown).orElse("what the provider chooses"),
            network.reason());
      } else if (network.action() == PlannedAction.RELEASED) {
        out.printf(
            "%s: %s: %s released: %s%n",
            instance.id().shortName(), network.name(), shown(network), network.reason());
      } else if (network.block() == null) {
        out.printf(
            "%s: %s: the infrastructure chooses the address%n",
            instance.id().shortName(), network.name());
      }
    }
  }

  private static String summary(DeploymentPlan plan) {
    if (plan.deployment().isEmpty()) {
      return "The cloud config is valid. Give a manifest to allocate for its instances.";
    }
    if (plan.isUnchanged()) {
      return "Nothing to change: %d addresses and prefixes of %d instances are as they should be."
          .formatted(plan.count(PlannedAction.KEPT), plan.instances().size());
    }
    return "%d created, %d kept, %d replaced, %d released; NICs: %d attached, %d detached."
        .formatted(
            plan.count(PlannedAction.CREATED),
            plan.count(PlannedAction.KEPT),
            plan.count(PlannedAction.REPLACED),
            plan.count(PlannedAction.RELEASED),
            plan.nicsAttached(),
            plan.nicsDetached());
  }

  private static void warn(PrintWriter err, Diagnostic warning) {
    err.println(warning);
    err.flush();
  }
}
