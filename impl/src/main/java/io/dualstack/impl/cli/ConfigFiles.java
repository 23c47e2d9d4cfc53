package io.dualstack.impl.cli;

import io.dualstack.impl.cni.garden.GardenConfig;
import io.dualstack.impl.config.ConfigKeys;
import io.dualstack.impl.cpi.CpiConfig;
import io.dualstack.impl.lab.LabApps;
import io.dualstack.impl.lease.service.ControllerConfig;
import io.dualstack.impl.lease.service.DaemonConfig;
import io.dualstack.impl.policy.agent.AgentConfig;
import io.dualstack.impl.policy.service.PolicyServerConfig;
import io.dualstack.impl.routing.registrar.RegisterConfig;
import java.util.Map;
import java.util.Optional;

/** Which command reads which configuration file. */
final class ConfigFiles {

  /** By the command's words behind {@code dualstack}. */
  static final Map<String, ConfigFile> ALL =
      Map.of(
          "cell serve", new ConfigFile("--config", DaemonConfig.KEYS),
          "cell teardown", new ConfigFile("--config", DaemonConfig.KEYS),
          "cpi", new ConfigFile("--config", CpiConfig.KEYS),
          "garden-network", new ConfigFile("--config", GardenConfig.KEYS),
          "lab up", new ConfigFile("--apps", LabApps.KEYS),
          "trace", new ConfigFile("--apps", LabApps.KEYS),
          "leases serve", new ConfigFile("--config", ControllerConfig.KEYS),
          "policies agent", new ConfigFile("--config", AgentConfig.KEYS),
          "policies serve", new ConfigFile("--config", PolicyServerConfig.KEYS),
          "routes register", new ConfigFile("--config", RegisterConfig.KEYS));

  private ConfigFiles() {}

  /**
   * A configuration file.
   *
   * @param option the option that names it
   * @param keys what it may say
   */
  record ConfigFile(String option, ConfigKeys keys) {}

  /** Returns the file of a command, by its words behind {@code dualstack}. */
  static Optional<ConfigFile> of(String words) {
    return Optional.ofNullable(ALL.get(words));
  }
}
