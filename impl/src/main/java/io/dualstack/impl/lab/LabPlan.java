package io.dualstack.impl.lab;

import io.dualstack.Diagnostic;
import io.dualstack.InvalidConfigurationException;
import io.dualstack.director.DeploymentPlan;
import io.dualstack.director.PlannedInstance;
import io.dualstack.firewall.Ipv6Firewall;
import io.dualstack.host.VmNetwork;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a lab is made of: machines with their addresses, and which instance runs on which cell. The
 * same files and the same store give the same plan.
 *
 * @param machines the machines in the manifest's order
 * @param instances the instances in the order of the applications
 * @param apps what runs
 */
public record LabPlan(List<Machine> machines, List<Instance> instances, LabApps apps) {
  private static final int FIRST_CELL_PORT = 61_001;

  /** Copies the lists. */
  public LabPlan {
    machines = List.copyOf(machines);
    instances = List.copyOf(instances);
  }

  /**
   * A machine.
   *
   * @param name such as {@code diego_cell/0}
   * @param group its instance group
   * @param ipv4 its own address
   * @param ipv6 its own address; null without one
   * @param prefix the prefix that is delegated to it; null without one
   * @param networks what its operating system is told
   */
  public record Machine(
      String name,
      String group,
      IpAddress ipv4,
      @Nullable IpAddress ipv6,
      @Nullable IpPrefix prefix,
      List<VmNetwork> networks) {
    /** Copies the list. */
    public Machine {
      networks = List.copyOf(networks);
    }

    /** The machine's part of namespaces' names. */
    public String host() {
      return "vm-" + name.replaceAll("[^A-Za-z0-9]", "-");
    }

    Optional<IpAddress> address(IpFamily family) {
      return family == IpFamily.IPV4 ? Optional.of(ipv4) : Optional.ofNullable(ipv6);
    }

    Optional<IpPrefix> delegated() {
      return Optional.ofNullable(prefix);
    }
  }

  /**
   * An instance of an application.
   *
   * @param app the application
   * @param index which of its instances
   * @param cell the machine it runs on
   * @param cellPort the cell's port that leads to it by IPv4
   */
  public record Instance(LabApps.App app, int index, Machine cell, int cellPort) {
    String name() {
      return app.name() + "/" + index;
    }

    /** Its part of namespaces' names, and its container's handle. */
    String handle() {
      return app.name() + "-" + index;
    }
  }

  /**
   * Makes a plan.
   *
   * @throws InvalidConfigurationException if a role has no machine, or a machine no IPv4 address
   */
  static LabPlan of(DeploymentPlan plan, LabApps apps) {
    List<Diagnostic> faults = new ArrayList<>();
    List<Machine> machines = new ArrayList<>();
    for (PlannedInstance each : plan.instances()) {
      machine(each, faults).ifPresent(machines::add);
    }
    requireGroup(machines, "cells", apps.cells(), faults);
    requireGroup(machines, "router", apps.router(), faults);
    requireGroup(machines, "control", apps.control(), faults);
    requireOwnNames(machines, faults);
    requireOwnAddresses(machines, faults);
    if (!faults.isEmpty()) {
      throw new InvalidConfigurationException(faults);
    }
    return new LabPlan(machines, placed(apps, of(machines, apps.cells())), apps);
  }

  private static Optional<Machine> machine(PlannedInstance told, List<Diagnostic> faults) {
    IpAddress ipv4 = null;
    IpAddress ipv6 = null;
    IpPrefix prefix = null;
    for (VmNetwork network : told.settings()) {
      IpPrefix block = network.block();
      if (block == null) {
        continue;
      }
      if (network.isDelegated()) {
        prefix = block.family() == IpFamily.IPV6 && prefix == null ? block : prefix;
      } else if (block.family() == IpFamily.IPV4) {
        ipv4 = ipv4 == null ? block.first() : ipv4;
      } else {
        ipv6 = ipv6 == null ? block.first() : ipv6;
      }
    }
    String name = told.id().group() + "/" + told.id().index();
    if (ipv4 == null) {
      faults.add(
          Diagnostic.error(
              name,
              "LabPlanInvalid",
              "has no IPv4 address, which the overlay network needs; give its group a manual"
                  + " network of IPv4"));
      return Optional.empty();
    }
    return Optional.of(new Machine(name, told.id().group(), ipv4, ipv6, prefix, told.settings()));
  }

  private static void requireGroup(
      List<Machine> machines, String role, String group, List<Diagnostic> faults) {
    if (of(machines, group).isEmpty()) {
      faults.add(
          Diagnostic.error(
              "/" + role,
              "LabPlanInvalid",
              "\""
                  + group
                  + "\": is no instance group with an instance; name one of the manifest"));
    }
  }

  private static void requireOwnNames(List<Machine> machines, List<Diagnostic> faults) {
    Map<String, Machine> hosts = new HashMap<>();
    for (Machine machine : machines) {
      Machine other = hosts.putIfAbsent(machine.host(), machine);
      if (other != null) {
        faults.add(
            Diagnostic.error(
                machine.name(),
                "LabPlanInvalid",
                "would have the same namespace as %s; rename one of the groups"
                    .formatted(other.name())));
      }
    }
  }

  /** The overlay network, and what is outside, must be told from the machines' networks. */
  private static void requireOwnAddresses(List<Machine> machines, List<Diagnostic> faults) {
    List<IpPrefix> taken =
        List.of(
            Foundation.POOL.network(),
            LabNetwork.OUTSIDE_NETWORK_IPV4,
            LabNetwork.OUTSIDE_NETWORK_IPV6);
    machines.stream()
        .flatMap(machine -> machine.networks().stream())
        .flatMap(network -> Stream.ofNullable(network.range()))
        .distinct()
        .forEach(
            range ->
                taken.stream()
                    .filter(own -> own.overlaps(range))
                    .forEach(
                        own ->
                            faults.add(
                                Diagnostic.error(
                                    "",
                                    "LabPlanInvalid",
                                    "%s: is a range of the cloud config, and %s is the lab's own;"
                                            .formatted(range, own)
                                        + " use another range"))));
  }

  private static List<Machine> of(List<Machine> machines, String group) {
    return machines.stream().filter(machine -> machine.group().equals(group)).toList();
  }

  /** In turn, so that the instances of an application are on different cells. */
  private static List<Instance> placed(LabApps apps, List<Machine> cells) {
    List<Instance> placed = new ArrayList<>();
    for (LabApps.App app : apps.apps()) {
      for (int index = 0; index < app.instances(); index++) {
        int number = placed.size();
        placed.add(
            new Instance(app, index, cells.get(number % cells.size()), FIRST_CELL_PORT + number));
      }
    }
    return placed;
  }

  List<Machine> cells() {
    return of(machines, apps.cells());
  }

  /** The router that is asked; a manifest may have more. */
  Machine router() {
    return of(machines, apps.router()).get(0);
  }

  Machine control() {
    return of(machines, apps.control()).get(0);
  }

  /** Whether a cell's prefix is a part of what the machines take for their own link. */
  boolean isOnLink(Machine cell) {
    IpPrefix prefix = cell.prefix();
    return prefix != null
        && machines.stream()
            .flatMap(machine -> machine.networks().stream())
            .filter(network -> !network.isDelegated())
            .flatMap(network -> Stream.ofNullable(network.range()))
            .anyMatch(range -> range.contains(prefix));
  }

  /** What the cell's firewall needs to know of IPv6; empty for a cell without a prefix. */
  Optional<Ipv6Firewall> ipv6(Machine cell) {
    IpSet containers =
        IpSet.ofPrefixes(cells().stream().flatMap(each -> each.delegated().stream()).toList());
    IpSet routers =
        IpSet.of(
            of(machines, apps.router()).stream()
                .flatMap(each -> each.address(IpFamily.IPV6).stream())
                .map(IpRange::single)
                .toList());
    return cell.delegated().map(own -> new Ipv6Firewall(own, containers, routers));
  }
}
