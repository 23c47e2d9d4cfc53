package io.dualstack.impl.http;

import io.dualstack.impl.config.JsonConfig;
import io.dualstack.net.PortRange;

/**
 * Where a server listens that is for the machine's own programs unless a file says otherwise: its
 * keys {@code NAME_host} and {@code NAME_port}.
 *
 * @param name what the keys begin with
 * @param host an address, or a name that has one
 * @param port 0 picks a free port; -1 is nowhere
 */
public record Listener(String name, String host, int port) {

  private static final String LOOPBACK = "127.0.0.1";

  /**
   * Reads both keys.
   *
   * @param least the smallest port that may be given
   * @param otherwise the port when none is given; -1 for nowhere
   */
  public static Listener read(JsonConfig config, String name, int least, int otherwise) {
    return new Listener(
        name,
        config.optionalParsed(name + "_host", Listening::host).orElse(LOOPBACK),
        config.number(name + "_port", least, PortRange.MAX, otherwise));
  }

  /** Says whether there is to be no server. */
  public boolean isNowhere() {
    return port < 0;
  }

  /**
   * Opens the server.
   *
   * @throws io.dualstack.InvalidConfigurationException if it can't listen there
   */
  public <T> T open(Listening.Opening<T> opening) {
    return Listening.at("/" + name + "_port", Listening.address(host, port), opening);
  }
}
