package io.dualstack.impl.policy.agent;

import static io.dualstack.impl.config.ConfigKeys.REQUIRED;
import static io.dualstack.impl.config.ConfigKeys.ignored;
import static io.dualstack.impl.config.ConfigKeys.keys;

import io.dualstack.Diagnostic;
import io.dualstack.firewall.BackendKind;
import io.dualstack.firewall.CellFirewall;
import io.dualstack.impl.cni.protocol.Fields;
import io.dualstack.impl.cni.wrapper.CellFirewallReader;
import io.dualstack.impl.cni.wrapper.FileFields;
import io.dualstack.impl.config.ConfigKeys;
import io.dualstack.impl.config.JsonConfig;
import io.dualstack.impl.http.Listening;
import io.dualstack.net.InterfaceAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.PortRange;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a configuration file of the policy agent says.
 *
 * @param cell what is the same for all containers
 * @param backend what enforces the rules
 * @param lockFile whoever changes rules holds a lock on it
 * @param datastore the wrapper plugin's file of containers
 * @param server the policy server
 * @param files the authorities of the server, and the agent's certificate and key
 * @param timeout how long an answer may take
 * @param pollInterval between two looks at policies
 * @param groupInterval between two looks at security groups; null when they are not the agent's
 *     business
 * @param policies what operators decide about policies
 * @param force where the wrapper plugin asks for cycles
 * @param debug where metrics are, and logging is switched
 * @param warnings what is accepted but probably not meant
 */
public record AgentConfig(
    CellFirewall cell,
    BackendKind backend,
    Path lockFile,
    Path datastore,
    URI server,
    Files files,
    Duration timeout,
    Duration pollInterval,
    @Nullable Duration groupInterval,
    PolicyCycle.Settings policies,
    InetSocketAddress force,
    InetSocketAddress debug,
    List<Diagnostic> warnings) {
  /** All that the file may say. */
  public static final ConfigKeys KEYS =
      ConfigKeys.of(
          keys(
              "cni_datastore_path, iptables_lock_file, underlay_ips",
              "the plugin's files, and the cell's addresses",
              REQUIRED),
          keys(
              "policy_server_url, ca_cert_file, client_cert_file, client_key_file",
              "the internal API, by mutual TLS",
              REQUIRED),
          keys(
              "client_timeout_seconds, poll_interval, asg_poll_interval",
              "seconds that a call may take, and between two looks at policies and at security groups",
              "5, 5, 60"),
          keys("enable_asg_syncing", "whether security groups are the agent's business", "false"),
          keys(
              "force_policy_poll_cycle_host, force_policy_poll_cycle_port",
              "where plugins ask for a cycle; see [Where services listen](#where-services-listen)",
              "127.0.0.1, 8722"),
          keys(
              "debug_server_host, debug_server_port",
              "`/metrics`, `/iptables-c2c-logging` and, for `security-group --cell`, `/security-groups`",
              "127.0.0.1, 8721"),
          keys(
              "enable_overlay_ingress_rules",
              "routers reach declared ports by the overlay",
              "false"),
          keys(
              "disable_container_network_policy, overlay_network",
              "containers of these networks reach each other without a policy",
              "false"),
          keys(
              "iptables_denied_logs_per_sec, iptables_accepted_udp_logs_per_sec",
              "as the plugin's",
              REQUIRED),
          keys(
              "iptables_asg_logging, iptables_c2c_logging, deny_networks, deny_networks_ipv6, outbound_connections",
              "as the plugin's",
              "as the plugin's"),
          keys("enable_ipv6, ipv6_prefix", "rules of IPv6, and the cell's prefix", "false"),
          keys("platform_networks_ipv6, container_networks_ipv6", "as the plugin's", "none"),
          keys(
              "firewall_backend",
              "what enforces the rules: `iptables` or `nftables`",
              "`iptables`"),
          keys(
              "dns_servers, host_tcp_services, host_udp_services, host_tcp_services_ipv6, host_udp_services_ipv6",
              "as the plugin's; for restoring containers' own rules",
              "none"),
          keys(
              "temporary_underlay_interface_names",
              "as the plugin's: the devices of the addresses, where they are not to be looked for",
              "none"),
          ignored("vni, metron_address, log_level, log_prefix, loggregator"));

  private static final URI NOWHERE = URI.create("https://nowhere.invalid");

  /** Copies the warnings. */
  public AgentConfig {
    warnings = List.copyOf(warnings);
  }

  /** The authorities of the server, and a certificate with its key. */
  public record Files(Path ca, Path certificate, Path key) {}

  /**
   * Reads a file.
   *
   * @param underlay finds the devices of addresses
   * @throws java.io.UncheckedIOException if it can't be read
   * @throws io.dualstack.InvalidConfigurationException with what is wrong in it
   */
  public static AgentConfig read(Path file, Function<Fields, List<String>> underlay) {
    JsonConfig config = JsonConfig.read(file, KEYS);
    BackendKind backend =
        config.optionalParsed("firewall_backend", BackendKind::of).orElse(BackendKind.IPTABLES);
    Path lock = Path.of(config.text("iptables_lock_file"));
    Path datastore = Path.of(config.text("cni_datastore_path"));
    URI server = config.parsed("policy_server_url", AgentConfig::https, NOWHERE);
    Files files =
        new Files(
            Path.of(config.text("ca_cert_file")),
            Path.of(config.text("client_cert_file")),
            Path.of(config.text("client_key_file")));
    Duration timeout = seconds(config, "client_timeout_seconds", 5);
    Duration poll = seconds(config, "poll_interval", 5);
    Duration groups = seconds(config, "asg_poll_interval", 60);
    boolean syncs = config.flag("enable_asg_syncing").orElse(false);
    List<IpPrefix> overlay =
        config.has("overlay_network")
            ? config.parsedList("overlay_network", AgentConfig::ipv4Network)
            : List.of();
    boolean open = config.flag("disable_container_network_policy").orElse(false);
    if (open && overlay.isEmpty()) {
      config.fault(
          "overlay_network",
          "ConfigValueMissing",
          "is missing; disable_container_network_policy opens it, so say which it is");
    }
    boolean ingress = config.flag("enable_overlay_ingress_rules").orElse(false);
    InetSocketAddress force = address(config, "force_policy_poll_cycle", 8722);
    InetSocketAddress debug = address(config, "debug_server", 8721);
    List<Diagnostic> warnings = config.warnings();
    config.finish("", () -> file);
    CellFirewall cell =
        FileFields.read(file, fields -> CellFirewallReader.readAgents(fields, underlay));
    return new AgentConfig(
        cell,
        backend,
        lock,
        datastore,
        server,
        files,
        timeout,
        poll,
        syncs ? groups : null,
        new PolicyCycle.Settings(
            open ? overlay : List.of(), ingress, cell.logging().containerToContainer()),
        force,
        debug,
        warnings);
  }

  private static Duration seconds(JsonConfig config, String key, int otherwise) {
    return Duration.ofSeconds(config.number(key, 1, Integer.MAX_VALUE, otherwise));
  }

  private static InetSocketAddress address(JsonConfig config, String prefix, int port) {
    return Listening.address(
        config.optionalParsed(prefix + "_host", Listening::host).orElse("127.0.0.1"),
        config.number(prefix + "_port", 0, PortRange.MAX, port));
  }

  private static IpPrefix ipv4Network(String text) {
    return InterfaceAddress.parse(text).network().requireFamily(IpFamily.IPV4);
  }

  private static URI https(String text) {
    URI url = URI.create(text);
    if (url.getHost() == null || !"https".equals(url.getScheme())) {
      throw new IllegalArgumentException(text + ": is no address; write https://host:port");
    }
    return url;
  }
}
