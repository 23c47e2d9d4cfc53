package io.dualstack.impl.cni.garden;

import static io.dualstack.impl.config.ConfigKeys.REQUIRED;
import static io.dualstack.impl.config.ConfigKeys.keys;

import io.dualstack.Diagnostic;
import io.dualstack.impl.config.ConfigKeys;
import io.dualstack.impl.config.JsonConfig;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.PortRange;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the networker's configuration file says: the original's keys, and two of our own, {@code
 * proxy_redirect_cidr_ipv6} and {@code cni_cache_dir}.
 *
 * @param pluginDirectory where plugins are
 * @param configDirectory where the network is configured
 * @param bindMountDirectory where containers' namespaces are mounted, by handle
 * @param stateFile which container has which of the host's ports
 * @param ports the ports to choose from when a mapping names none
 * @param logPrefix put before what is told on standard error
 * @param redirect what goes to the proxy of a container
 * @param searchDomains handed to containers
 * @param cacheDirectory where results of plugins are kept
 * @param warnings what is accepted but probably not meant
 */
public record GardenConfig(
    Path pluginDirectory,
    Path configDirectory,
    Path bindMountDirectory,
    Path stateFile,
    PortRange ports,
    String logPrefix,
    Redirect redirect,
    List<String> searchDomains,
    Path cacheDirectory,
    List<Diagnostic> warnings) {
  /** All that the file may say. */
  public static final ConfigKeys KEYS =
      ConfigKeys.of(
          keys("cni_plugin_dir", "where the plugins are", REQUIRED),
          keys(
              "cni_config_dir",
              "the first `*.conflist` there or below is the network; without any, the first `*.conf`",
              REQUIRED),
          keys(
              "bind_mount_dir",
              "containers' namespaces are mounted here by handle (mode 0700)",
              REQUIRED),
          keys(
              "state_file",
              "which container has which ports, `{\"acquired_ports\":{\"HANDLE\":[PORT]}}`, locked by flock(2)",
              REQUIRED),
          keys(
              "start_port, total_ports",
              "the ports to choose from for mappings with `host_port` 0",
              REQUIRED),
          keys("log_prefix", "stands before every line on standard error", REQUIRED),
          keys("iptables_lock_file", "held while a container's firewall is changed", REQUIRED),
          keys("proxy_port", "where the proxy in a container listens", REQUIRED),
          keys("proxy_redirect_cidr", "outgoing IPv4 connections to it go to the proxy", "none"),
          keys(
              "proxy_redirect_cidr_ipv6",
              "outgoing IPv6 connections to it go to the proxy; ours",
              "none"),
          keys(
              "enable_ingress_proxy_redirect",
              "incoming connections go to the proxy, in both families",
              "false"),
          keys("search_domains", "handed to containers", "none"),
          keys(
              "cni_cache_dir",
              "where results of plugins are kept for `down`, as Go's library does; ours",
              "`/var/lib/cni`"),
          keys("proxy_uid", "known, without effect, as with the original", REQUIRED));

  /** Where Go's library keeps results, too. */
  private static final String CACHE = "/var/lib/cni";

  /**
   * What is redirected to the proxy that runs in a container.
   *
   * @param port where the proxy listens
   * @param ipv4 destinations of outgoing IPv4 connections that are; null for none
   * @param ipv6 destinations of outgoing IPv6 connections that are; null for none
   * @param ingress whether all connections that come in are
   * @param lockFile held while the container's firewall is changed
   */
  public record Redirect(
      int port, @Nullable IpPrefix ipv4, @Nullable IpPrefix ipv6, boolean ingress, Path lockFile) {}

  /** Copies the lists. */
  public GardenConfig {
    searchDomains = List.copyOf(searchDomains);
    warnings = List.copyOf(warnings);
  }

  /**
   * Reads a file.
   *
   * @throws java.io.UncheckedIOException if it can't be read
   * @throws io.dualstack.InvalidConfigurationException with all faults in it
   */
  public static GardenConfig read(Path file) {
    JsonConfig config = JsonConfig.read(file, KEYS);
    String plugins = config.text("cni_plugin_dir");
    String networks = config.text("cni_config_dir");
    String mounts = config.text("bind_mount_dir");
    String state = config.text("state_file");
    PortRange ports = ports(config);
    String logPrefix = config.text("log_prefix");
    String lock = config.text("iptables_lock_file");
    int proxyPort = config.number("proxy_port", 1, PortRange.MAX);
    // As in the original, which asks for it and does not use it.
    int unused = config.number("proxy_uid", 0, Integer.MAX_VALUE);
    @Nullable IpPrefix ipv4 = destinations(config, "proxy_redirect_cidr", IpFamily.IPV4);
    @Nullable IpPrefix ipv6 = destinations(config, "proxy_redirect_cidr_ipv6", IpFamily.IPV6);
    boolean ingress = config.flag("enable_ingress_proxy_redirect").orElse(false);
    List<String> searchDomains = config.optionalTexts("search_domains");
    String cache = config.optionalText("cni_cache_dir").orElse(CACHE);
    return config.finish(
        "total_ports",
        () ->
            new GardenConfig(
                Path.of(plugins),
                Path.of(networks),
                Path.of(mounts),
                Path.of(state),
                ports,
                logPrefix,
                new Redirect(proxyPort, ipv4, ipv6, ingress, Path.of(lock)),
                searchDomains,
                Path.of(cache),
                config.warnings()));
  }

  private static PortRange ports(JsonConfig config) {
    int first = config.number("start_port", 1, PortRange.MAX);
    return new PortRange(
        first, first - 1 + config.number("total_ports", 1, PortRange.MAX - first + 1));
  }

  private static @Nullable IpPrefix destinations(JsonConfig config, String key, IpFamily family) {
    return config
        .optionalParsed(key, text -> IpPrefix.parse(text).requireFamily(family))
        .orElse(null);
  }
}
