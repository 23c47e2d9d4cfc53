package io.dualstack.spi.openstack.access;

import java.nio.file.Path;
import java.util.Map;

/**
 * Where configuration comes from beside the settings.
 *
 * @param environment the environment variables
 * @param folder the working directory
 * @param home the user's home directory
 */
public record Surroundings(Map<String, String> environment, Path folder, Path home) {

  /**
   * Copies the environment.
   *
   * @param environment the environment variables
   * @param folder the working directory
   * @param home the user's home directory
   */
  public Surroundings {
    environment = Map.copyOf(environment);
  }

  /**
   * Returns those of this process.
   *
   * @return the surroundings
   */
  public static Surroundings ofThisProcess() {
    return new Surroundings(
        System.getenv(), Path.of("").toAbsolutePath(), Path.of(System.getProperty("user.home")));
  }
}
