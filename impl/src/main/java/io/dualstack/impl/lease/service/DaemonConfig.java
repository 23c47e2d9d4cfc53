package io.dualstack.impl.lease.service;

import static io.dualstack.impl.config.ConfigKeys.REQUIRED;
import static io.dualstack.impl.config.ConfigKeys.ignored;
import static io.dualstack.impl.config.ConfigKeys.keys;

import io.dualstack.Diagnostic;
import io.dualstack.impl.config.ConfigKeys;
import io.dualstack.impl.config.JsonConfig;
import io.dualstack.impl.http.Listener;
import io.dualstack.lease.AgentConfig;
import io.dualstack.lease.AgentConfig.Ipv6;
import io.dualstack.lease.AgentConfig.VtepConfig;
import io.dualstack.lease.LeaseKind;
import io.dualstack.lease.LeasePool;
import io.dualstack.lease.RemoteLeases;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the Silk daemon's configuration file says.
 *
 * @param agent what the agent needs to know
 * @param registry where the registry is
 * @param containerMetadata the wrapper plugin's file of containers, which tells what they are for;
 *     null for none
 * @param plugins where plugins ask
 * @param metrics where metrics listen
 * @param warnings what is accepted but probably not meant
 */
public record DaemonConfig(
    AgentConfig agent,
    RemoteLeases registry,
    @Nullable Path containerMetadata,
    Listener plugins,
    Listener metrics,
    List<Diagnostic> warnings) {
  /** All that the file may say. */
  public static final ConfigKeys KEYS =
      ConfigKeys.of(
          keys("underlay_ip", "this machine's address in the network beneath", REQUIRED),
          keys("overlay_network", "the overlay network, or an array of several", REQUIRED),
          keys("subnet_prefix_length", "the length of a block, more than the network's", REQUIRED),
          keys(
              "connectivity_server_url, client_timeout_seconds",
              "where the registry is (`https://host:port`), and how long a call may take",
              "the former required; 5"),
          keys(
              "ca_cert_file, client_cert_file, client_key_file",
              "the registry's authorities; this cell's certificate and key",
              REQUIRED),
          keys(
              "enable_ipv6, ipv6_prefix",
              "whether containers get IPv6, and the prefix of this cell, /48 to /126, that their addresses are in",
              "no IPv6"),
          keys("single_ip_only", "leases one address instead of a block", "false"),
          keys(
              "vtep_name, vni, vtep_port, vxlan_interface_name",
              "the overlay device, and the device it sends through",
              "`silk-vtep`, 1, 4789, the one with `underlay_ip`"),
          keys("poll_interval", "seconds between two rounds of renewing and converging", "30"),
          keys("partition_tolerance_seconds", "how long renewing may fail", "604800"),
          keys(
              "datastore",
              "the plugin's file, which tells whether containers depend on the lease",
              "`/var/vcap/data/silk/store.json`"),
          keys(
              "cni_datastore_path",
              "the wrapper plugin's file, which tells whose instance a container is",
              "none"),
          keys(
              "health_check_host, health_check_port",
              "where plugins ask, by 127.0.0.1; `GET /instances` is for [`instances --cell`](#instances-environment-net-info-identity)",
              "127.0.0.1, 23954"),
          keys("debug_server_host, debug_server_port", "`GET /metrics`", "127.0.0.1, nowhere"),
          ignored("metron_port, log_prefix, log_level"));

  private static final Duration WEEK = Duration.ofDays(7);
  private static final int MAX_VNI = (1 << 24) - 1;

  /**
   * The shortest prefix that makes sense for one cell, and the longest with an address to spare.
   */
  private static final int MIN_CELL_PREFIX = 48;

  private static final int MAX_CELL_PREFIX = 126;

  /** What the kernel takes as a name and a batch of commands can carry. */
  private static final Pattern DEVICE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,14}");

  /** Copies the warnings. */
  public DaemonConfig {
    warnings = List.copyOf(warnings);
  }

  /**
   * Reads a file.
   *
   * @throws java.io.UncheckedIOException if it can't be read
   * @throws io.dualstack.InvalidConfigurationException with all faults in it
   */
  public static DaemonConfig read(Path file) {
    JsonConfig config = JsonConfig.read(file, KEYS);
    IpAddress underlayIp =
        config.parsed(
            "underlay_ip",
            text -> IpAddress.parse(text).requireFamily(IpFamily.IPV4),
            IpFamily.IPV4.first());
    List<IpPrefix> networks =
        config.parsedList(
            "overlay_network", text -> IpPrefix.parse(text).requireFamily(IpFamily.IPV4));
    int length = config.number("subnet_prefix_length", 1, LeasePool.MAX_SUBNET_PREFIX_LENGTH);
    VtepConfig vtep =
        new VtepConfig(
            config.optionalParsed("vtep_name", DaemonConfig::device).orElse("silk-vtep"),
            config.number("vni", 0, MAX_VNI, 1),
            config.number("vtep_port", 1, ControllerConfig.MAX_PORT, 4789),
            config.optionalParsed("vxlan_interface_name", DaemonConfig::device).orElse(null));
    LeaseKind kind =
        config.flag("single_ip_only").orElse(false) ? LeaseKind.SINGLE_ADDRESS : LeaseKind.BLOCK;
    String datastore = config.optionalText("datastore").orElse("/var/vcap/data/silk/store.json");
    @Nullable Path metadata = config.optionalText("cni_datastore_path").map(Path::of).orElse(null);
    Duration poll = seconds(config, "poll_interval", Duration.ofSeconds(30));
    Duration tolerance = seconds(config, "partition_tolerance_seconds", WEEK);
    Duration timeout = seconds(config, "client_timeout_seconds", RemoteLeases.DEFAULT_TIMEOUT);
    URI url = config.parsed("connectivity_server_url", DaemonConfig::url, URI.create("https://h"));
    String ca = config.text("ca_cert_file");
    String certificate = config.text("client_cert_file");
    String key = config.text("client_key_file");
    Listener plugins = Listener.read(config, "health_check", 1, 23_954);
    Listener metrics = Listener.read(config, "debug_server", 0, -1);
    Ipv6 ipv6 = ipv6(config.flag("enable_ipv6"));
    @Nullable IpPrefix prefix =
        config.optionalParsed("ipv6_prefix", DaemonConfig::cellPrefix).orElse(null);
    return config.finish(
        "overlay_network",
        () ->
            new DaemonConfig(
                new AgentConfig(
                    underlayIp,
                    networks,
                    length,
                    kind,
                    vtep,
                    Path.of(datastore),
                    poll,
                    tolerance,
                    ipv6,
                    prefix,
                    null),
                new RemoteLeases(url, Path.of(ca), Path.of(certificate), Path.of(key), timeout),
                metadata,
                plugins,
                metrics,
                config.warnings()));
  }

  private static Duration seconds(JsonConfig config, String key, Duration otherwise) {
    return Duration.ofSeconds(
        config.number(key, 1, Integer.MAX_VALUE, (int) otherwise.toSeconds()));
  }

  private static Ipv6 ipv6(Optional<Boolean> enabled) {
    return enabled.map(on -> on ? Ipv6.REQUIRED : Ipv6.OFF).orElse(Ipv6.WHEN_POSSIBLE);
  }

  private static String device(String name) {
    if (!DEVICE.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "is no name of a device; use 1 to 15 letters, digits, _ . -");
    }
    return name;
  }

  private static URI url(String text) {
    URI url = URI.create(text);
    // The rest of what makes a URL usable is checked where it is used; here it gets its pointer.
    if (url.getHost() == null || !"https".equalsIgnoreCase(url.getScheme())) {
      throw new IllegalArgumentException(
          "is not where a lease registry listens; write https://host:port");
    }
    return url;
  }

  private static IpPrefix cellPrefix(String text) {
    IpPrefix prefix = IpPrefix.parse(text).requireFamily(IpFamily.IPV6).requireNative();
    if (prefix.length() < MIN_CELL_PREFIX || prefix.length() > MAX_CELL_PREFIX) {
      throw new IllegalArgumentException(
          "%s: is no prefix for one cell; use a length from %d to %d"
              .formatted(prefix, MIN_CELL_PREFIX, MAX_CELL_PREFIX));
    }
    return prefix;
  }
}
