package io.dualstack.impl.cni.wrapper;

import io.dualstack.cni.CniException;
import io.dualstack.firewall.BackendKind;
import io.dualstack.firewall.CellFirewall;
import io.dualstack.firewall.ConnectionLimit;
import io.dualstack.firewall.ConnectionLimit.Effect;
import io.dualstack.firewall.DenyNetworks;
import io.dualstack.firewall.FirewallLogging;
import io.dualstack.firewall.HostService;
import io.dualstack.firewall.Ipv6Firewall;
import io.dualstack.impl.cni.protocol.Fields;
import io.dualstack.net.InterfaceAddress;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpEndpoint;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import io.dualstack.net.Protocol;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the cell's firewall from the configuration of the plugin, or of the policy agent, whose
 * keys are the same where they mean the same.
 *
 * <p>IPv6 is on where {@code ipv6_prefix} is: the cell's own. What else is about IPv6 may be there
 * before that, and does nothing.
 */
public final class CellFirewallReader {
  private static final int HEXADECIMAL = 16;
  private static final String OVERLAY = "silk-vtep";

  private final Fields fields;

  private CellFirewallReader(Fields fields) {
    this.fields = fields;
  }

  /** Reads all that the plugin is told. */
  public static CellFirewall read(Fields fields, Function<Fields, List<String>> underlay) {
    return new CellFirewallReader(fields).read(underlay);
  }

  /** Reads the file that is locked while rules change. */
  public static Path lockFile(Fields fields) {
    return Path.of(WrapperConfig.required(fields, "iptables_lock_file", "give a path"));
  }

  /** Reads what enforces the rules. */
  public static BackendKind backend(Fields fields) {
    return parsed(fields, "firewall_backend", fields.text("firewall_backend"), BackendKind::of);
  }

  /**
   * Reads as much as a policy agent is told: what containers may reach whatever their security
   * groups say, and what is logged. What a container's own rules need beside that counts where they
   * are to be restored. IPv6 is on where {@code enable_ipv6} says so.
   */
  public static CellFirewall readAgents(Fields fields, Function<Fields, List<String>> underlay) {
    return new CellFirewallReader(fields).readAgents(underlay);
  }

  private CellFirewall readAgents(Function<Fields, List<String>> underlay) {
    List<IpAddress> addresses = texts(fields, "underlay_ips", IpAddress::parse);
    IpAddress address =
        addresses.stream()
            .filter(each -> each.family() == IpFamily.IPV4)
            .findFirst()
            .orElseThrow(
                () -> fields.refused("underlay_ips", "has no IPv4 address; list the cell's"));
    FirewallLogging logging = logging();
    @Nullable ConnectionLimit limit = fields.has("outbound_connections") ? limit() : null;
    boolean ipv6 = flag(fields, "enable_ipv6");
    if (ipv6) {
      String unused =
          WrapperConfig.required(fields, "ipv6_prefix", "give the cell's, or set enable_ipv6 off");
    }
    List<String> devices = underlay.apply(fields);
    return checked(
        () ->
            new CellFirewall(
                address,
                devices,
                OVERLAY,
                CellFirewall.INGRESS_MARK,
                dnsServers(),
                hostServices(),
                denyNetworks(),
                limit,
                null,
                logging,
                ipv6 ? ipv6() : null));
  }

  private FirewallLogging logging() {
    int denied = positive(fields, "iptables_denied_logs_per_sec");
    int udp = positive(fields, "iptables_accepted_udp_logs_per_sec");
    return new FirewallLogging(
        flag(fields, "iptables_asg_logging"), flag(fields, "iptables_c2c_logging"), denied, udp);
  }

  private CellFirewall read(Function<Fields, List<String>> underlay) {
    IpAddress address =
        parsed(
            "instance_address",
            WrapperConfig.required(fields, "instance_address", "give the cell's IPv4 address"),
            text -> IpAddress.parse(text).requireFamily(IpFamily.IPV4));
    if (fields.texts("underlay_ips").isEmpty()) {
      throw fields.refused("underlay_ips", "is missing; list the cell's addresses");
    }
    String tag = WrapperConfig.required(fields, "ingress_tag", "usual is ffff0000");
    String vtep = WrapperConfig.required(fields, "vtep_name", "name the overlay's device");
    FirewallLogging logging = logging();
    @Nullable ConnectionLimit limit = limit();
    List<String> devices = underlay.apply(fields);
    List<IpAddress> dns = dnsServers();
    String unmasqueraded = fields.text("no_masquerade_cidr_range");
    return checked(
        () ->
            new CellFirewall(
                address,
                devices,
                vtep,
                parsed("ingress_tag", tag, text -> Long.parseLong(text, HEXADECIMAL)),
                dns,
                hostServices(),
                denyNetworks(),
                limit,
                unmasqueraded.isEmpty()
                    ? null
                    : parsed(
                        "no_masquerade_cidr_range", unmasqueraded, CellFirewallReader::network),
                logging,
                ipv6()));
  }

  private @Nullable ConnectionLimit limit() {
    Fields limit = fields.objectOrNull("outbound_connections");
    if (limit == null) {
      throw fields.refused(
          "outbound_connections", "is missing; give burst and rate_per_sec, and limit or dry_run");
    }
    int burst = positive(limit, "burst");
    int rate = positive(limit, "rate_per_sec");
    boolean limits = flag(limit, "limit");
    if (flag(limit, "dry_run")) {
      return new ConnectionLimit(rate, burst, Effect.LOGGED);
    }
    return limits
        ? new ConnectionLimit(
            rate, burst, flag(limit, "logging") ? Effect.LOGGED_AND_REJECTED : Effect.REJECTED)
        : null;
  }

  private List<IpAddress> dnsServers() {
    return texts(fields, "dns_servers", IpAddress::parse);
  }

  private List<HostService> hostServices() {
    List<HostService> services = new ArrayList<>();
    for (Protocol transport : List.of(Protocol.TCP, Protocol.UDP)) {
      String key = "host_%s_services".formatted(transport);
      for (String each : List.of(key, key + "_ipv6")) {
        services.addAll(
            texts(fields, each, text -> new HostService(transport, IpEndpoint.parse(text))));
      }
    }
    return services;
  }

  private DenyNetworks denyNetworks() {
    return new DenyNetworks(denied("always"), denied("running"), denied("staging"));
  }

  private List<IpPrefix> denied(String which) {
    return Stream.of("deny_networks", "deny_networks_ipv6")
        .map(fields::objectOrNull)
        .flatMap(
            networks ->
                networks == null
                    ? Stream.empty()
                    : texts(networks, which, CellFirewallReader::network).stream())
        .toList();
  }

  /** As the original, which drops the bits of hosts. */
  private static IpPrefix network(String text) {
    return InterfaceAddress.parse(text).network();
  }

  private @Nullable Ipv6Firewall ipv6() {
    String own = fields.text("ipv6_prefix");
    return own.isEmpty()
        ? null
        : new Ipv6Firewall(
            parsed("ipv6_prefix", own, IpPrefix::parse),
            set("container_networks_ipv6"),
            set("platform_networks_ipv6"));
  }

  private IpSet set(String key) {
    return IpSet.of(
        texts(fields, key, CellFirewallReader::network).stream().map(IpRange::of).toList());
  }

  private static <T> List<T> texts(Fields fields, String key, Function<String, T> parser) {
    List<T> values = new ArrayList<>();
    for (String text : fields.texts(key)) {
      values.add(parsed(fields, key + "[" + values.size() + "]", text, parser));
    }
    return values;
  }

  private <T> T parsed(String key, String text, Function<String, T> parser) {
    return parsed(fields, key, text, parser);
  }

  /** Reads a value, whose refusal names the key. */
  public static <T> T parsed(Fields fields, String key, String text, Function<String, T> parser) {
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException e) {
      throw fields.refused(key, String.valueOf(e.getMessage()));
    }
  }

  private CellFirewall checked(Supplier<CellFirewall> made) {
    try {
      return made.get();
    } catch (IllegalArgumentException e) {
      throw new CniException(fields.code(), String.valueOf(e.getMessage()));
    }
  }

  private static int positive(Fields fields, String key) {
    int number = fields.number(key);
    if (number < 1) {
      throw fields.refused(key, number + ": use 1 or more");
    }
    return number;
  }

  private static boolean flag(Fields fields, String key) {
    fields.checkFlag(key);
    return fields.object().path(key).booleanValue();
  }
}
