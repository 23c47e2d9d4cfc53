package io.dualstack.impl.lab;

import static io.dualstack.impl.config.ConfigKeys.REQUIRED;
import static io.dualstack.impl.config.ConfigKeys.keys;

import io.dualstack.Diagnostic;
import io.dualstack.firewall.SecurityGroup;
import io.dualstack.impl.config.ConfigKeys;
import io.dualstack.impl.config.JsonConfig;
import io.dualstack.impl.firewall.RuleOptions;
import io.dualstack.impl.firewall.SecurityGroupFile;
import io.dualstack.net.PortRange;
import io.dualstack.net.Protocol;
import io.dualstack.policy.NetworkPolicy;
import io.dualstack.policy.PolicyDestination;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What runs on a lab's foundation, as its file says.
 *
 * @param cells the instance group whose machines are cells
 * @param router the instance group whose machines are routers
 * @param control the instance group whose machine is the control plane
 * @param groups the security groups by name
 * @param apps the applications
 * @param policies which application may open connections to which, by their names
 * @param warnings what is accepted but probably not meant
 */
public record LabApps(
    String cells,
    String router,
    String control,
    Map<String, SecurityGroup> groups,
    List<App> apps,
    List<NetworkPolicy> policies,
    List<Diagnostic> warnings) {
  /** All that the file may say. */
  public static final ConfigKeys KEYS =
      ConfigKeys.of(
          keys(
              "cells, router, control",
              "the instance groups with these roles",
              "`diego_cell`, `router`, `control`"),
          keys(
              "security_groups",
              "files beside it with security groups, as [`firewall`](#security-groups-what-do-they-let-through) reads them",
              "none"),
          keys(
              "apps[].name, apps[].instances, apps[].port",
              "an application, how many of it, where it listens",
              "the name required; 1; 8080"),
          keys("apps[].route", "the router's port that leads to it", "none"),
          keys("apps[].security_groups", "names of groups that hold for it", "none"),
          keys(
              "policies[].source, policies[].destination, policies[].ports",
              "which application may reach which at what ports, `8080` or `8000-8100`",
              REQUIRED),
          keys("policies[].protocol", "`tcp` or `udp`", "`tcp`"));

  private static final int MOST_INSTANCES = 100;
  private static final int MOST_INSTANCES_OF_ALL = 1_000;

  /** Copies the collections. */
  public LabApps {
    groups = Map.copyOf(groups);
    apps = List.copyOf(apps);
    policies = List.copyOf(policies);
    warnings = List.copyOf(warnings);
  }

  /**
   * An application.
   *
   * @param name a name, also of its namespaces
   * @param instances how many of it run
   * @param port where it listens
   * @param route the router's port that leads to it; 0 for none
   * @param groups the security groups that hold for it
   */
  public record App(String name, int instances, int port, int route, List<SecurityGroup> groups) {
    private static final String FORM = "[a-z][a-z0-9]{0,15}";

    /** Copies the list. */
    public App {
      groups = List.copyOf(groups);
    }
  }

  /**
   * Reads a file, and those of security groups that it names beside itself.
   *
   * @throws java.io.UncheckedIOException if one can't be read
   * @throws io.dualstack.InvalidConfigurationException with the faults of one, and their JSON
   *     pointers
   */
  public static LabApps read(Path file) {
    JsonConfig config = JsonConfig.read(file, KEYS);
    Map<String, SecurityGroup> groups =
        SecurityGroupFile.read(
                groupFiles(config).stream().map(file::resolveSibling).toList(),
                new RuleOptions(true, true))
            .stream()
            .collect(Collectors.toMap(SecurityGroup::name, Function.identity()));
    List<App> apps = apps(config, groups);
    Set<String> names = apps.stream().map(App::name).collect(Collectors.toSet());
    List<NetworkPolicy> policies = new ArrayList<>();
    for (JsonConfig policy : config.objects("policies")) {
      policies.add(policy(policy, names));
    }
    String cells = config.optionalText("cells").orElse("diego_cell");
    String router = config.optionalText("router").orElse("router");
    String control = config.optionalText("control").orElse("control");
    return config.finish(
        "apps",
        () -> new LabApps(cells, router, control, groups, apps, policies, config.warnings()));
  }

  /** Returns the names of files; those that lead out of the folder of the first are refused. */
  static List<String> groupFiles(JsonConfig config) {
    List<String> files = new ArrayList<>();
    for (String name : config.optionalTexts("security_groups")) {
      if (name.matches("[A-Za-z0-9_][A-Za-z0-9._-]*")) {
        files.add(name);
      } else {
        config.fault(
            "security_groups",
            "LabAppsInvalid",
            "\"" + name + "\": is no file beside this one; use a name of letters, digits and ._-");
      }
    }
    return files;
  }

  private static List<App> apps(JsonConfig config, Map<String, SecurityGroup> groups) {
    List<App> apps = new ArrayList<>();
    Set<String> names = new HashSet<>();
    Set<Integer> routes = new HashSet<>();
    for (JsonConfig each : config.objects("apps")) {
      App app = app(each, groups);
      if (!names.add(app.name())) {
        each.fault("name", "LabAppsInvalid", app.name() + ": is there twice; rename one");
      }
      if (app.route() != 0 && !routes.add(app.route())) {
        each.fault(
            "route", "LabAppsInvalid", app.route() + ": leads to another application already");
      }
      apps.add(app);
    }
    int all = apps.stream().mapToInt(App::instances).sum();
    if (all > MOST_INSTANCES_OF_ALL) {
      config.fault(
          "apps",
          "LabAppsInvalid",
          "have %d instances; a lab has at most %d".formatted(all, MOST_INSTANCES_OF_ALL));
    }
    if (apps.isEmpty()) {
      config.fault("apps", "ConfigValueMissing", "names none; give one or more");
    }
    return apps;
  }

  private static App app(JsonConfig app, Map<String, SecurityGroup> groups) {
    String name = app.text("name");
    if (!name.isEmpty() && !name.matches(App.FORM)) {
      app.fault(
          "name",
          "LabAppsInvalid",
          "\"" + name + "\": use a small letter and up to 15 small letters and digits");
    }
    List<SecurityGroup> chosen = new ArrayList<>();
    for (String group : app.optionalTexts("security_groups")) {
      SecurityGroup found = groups.get(group);
      if (found == null) {
        app.fault(
            "security_groups",
            "LabAppsInvalid",
            "\"" + group + "\": is no security group of the files; there are " + groups.keySet());
      } else {
        chosen.add(found);
      }
    }
    return new App(
        name,
        app.number("instances", 1, MOST_INSTANCES, 1),
        app.number("port", 1, PortRange.MAX, 8080),
        app.number("route", 0, PortRange.MAX, 0),
        chosen);
  }

  private static NetworkPolicy policy(JsonConfig policy, Set<String> apps) {
    String source = app(policy, "source", apps);
    String destination = app(policy, "destination", apps);
    Protocol protocol = policy.optionalParsed("protocol", Protocol::parse).orElse(Protocol.TCP);
    if (!protocol.hasPorts()) {
      policy.fault("protocol", "LabAppsInvalid", protocol + ": use tcp or udp");
      protocol = Protocol.TCP;
    }
    PortRange ports = policy.parsed("ports", PortRange::parse, PortRange.single(1));
    return new NetworkPolicy(source, new PolicyDestination.App(destination, protocol, ports));
  }

  private static String app(JsonConfig policy, String key, Set<String> apps) {
    String name = policy.text(key);
    if (name.isEmpty() || apps.contains(name)) {
      return name.isEmpty() ? "none" : name;
    }
    policy.fault(key, "LabAppsInvalid", "\"" + name + "\": is no application; there are " + apps);
    return name;
  }
}
