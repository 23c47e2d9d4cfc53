package io.dualstack.impl.host.agent;

import static java.util.Map.entry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.host.AgentHints;
import io.dualstack.host.DefaultFor;
import io.dualstack.host.NetworkType;
import io.dualstack.host.StaticRoute;
import io.dualstack.host.VmNetwork;
import io.dualstack.impl.json.JsonValues;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.MacAddress;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The one place that knows the keys of a network, in the director's hash and in an agent's
 * settings, where the provider has added to the hash.
 */
final class NetworkFields {

  /** The keys of a director, in its order for each type, then those it never writes there. */
  private static final Map<NetworkType, List<String>> DIRECTOR_KEYS =
      Map.of(
          NetworkType.MANUAL,
          List.of(
              "type",
              "ip",
              "prefix",
              "netmask",
              "cloud_properties",
              "default",
              "nic_group",
              "dns",
              "gateway"),
          NetworkType.DYNAMIC,
          List.of(
              "type",
              "cloud_properties",
              "prefix",
              "dns",
              "default",
              "ip",
              "netmask",
              "gateway",
              "nic_group"),
          NetworkType.VIP,
          List.of(
              "type",
              "ip",
              "cloud_properties",
              "prefix",
              "nic_group",
              "netmask",
              "default",
              "dns",
              "gateway"));

  /** What providers append for the agent. */
  private static final List<String> AGENT_KEYS =
      List.of("use_dhcp", "mac", "resolved", "preconfigured", "routes", "alias");

  private static final Map<String, Function<VmNetwork, @Nullable JsonNode>> WRITERS =
      Map.ofEntries(
          entry("type", network -> text(network.type().keyword())),
          entry("ip", network -> network.ip().map(NetworkFields::text).orElse(null)),
          entry("prefix", NetworkFields::prefix),
          entry("netmask", network -> netmask(network.range())),
          entry("gateway", network -> network.gateway() == null ? null : text(network.gateway())),
          entry("dns", network -> list(network.dns().stream().map(NetworkFields::text))),
          // Sorted, as the enum's constants are in the order of their names.
          entry(
              "default",
              network -> list(network.defaults().stream().map(use -> text(use.keyword())))),
          entry(
              "nic_group", network -> network.nicGroup() == null ? null : text(network.nicGroup())),
          entry(
              "cloud_properties",
              network ->
                  JsonValues.toNode(
                      network.name() + ": cloud_properties", network.cloudProperties())),
          entry("use_dhcp", network -> flag(network.useDhcp())),
          entry("mac", network -> network.mac() == null ? null : text(network.mac())),
          entry("resolved", network -> flag(network.hints().resolved())),
          entry("preconfigured", network -> flag(network.hints().preconfigured())),
          entry(
              "routes",
              network ->
                  list(RouteFields.write(network.name(), network.hints().routes()).stream())),
          entry(
              "alias",
              network -> network.hints().alias().isEmpty() ? null : text(network.hints().alias())));

  /** What a director writes for a network whose address it doesn't know: dynamic means IPv4. */
  private static final String DYNAMIC_PREFIX = "32";

  private static final Pattern LENGTH = Pattern.compile("0|[1-9][0-9]{0,2}");

  private NetworkFields() {}

  /** Writes what a director tells a provider. */
  static ObjectNode forProvider(VmNetwork network) {
    if (network.type() == NetworkType.MANUAL
        && (network.block() == null || network.range() == null)) {
      throw new IllegalArgumentException(
          network.name() + ": a manual network lacks its address or range; give both");
    }
    ObjectNode node = JsonValues.NODES.objectNode();
    write(network, DIRECTOR_KEYS.get(network.type()), node);
    JsonValues.addOthers(network.name(), network.hints().others(), WRITERS.keySet(), node);
    return node;
  }

  /** Writes what a provider tells an agent. */
  static ObjectNode forAgent(VmNetwork network) {
    ObjectNode node = JsonValues.NODES.objectNode();
    write(network, DIRECTOR_KEYS.get(network.type()), node);
    write(network, AGENT_KEYS, node);
    JsonValues.addOthers(network.name(), network.hints().others(), WRITERS.keySet(), node);
    return node;
  }

  private static void write(VmNetwork network, @Nullable List<String> keys, ObjectNode node) {
    for (String key : keys == null ? List.<String>of() : keys) {
      Function<VmNetwork, @Nullable JsonNode> writer = WRITERS.get(key);
      JsonNode value = writer == null ? null : writer.apply(network);
      if (value != null) {
        node.set(key, value);
      }
    }
  }

  private static JsonNode text(Object value) {
    return JsonValues.NODES.textNode(value.toString());
  }

  private static @Nullable JsonNode flag(boolean value) {
    return value ? JsonValues.NODES.booleanNode(true) : null;
  }

  private static @Nullable JsonNode list(Stream<JsonNode> values) {
    ArrayNode array = JsonValues.NODES.arrayNode();
    values.forEach(array::add);
    return array.isEmpty() ? null : array;
  }

  private static JsonNode prefix(VmNetwork network) {
    return text(network.block() == null ? DYNAMIC_PREFIX : network.block().length());
  }

  private static @Nullable JsonNode netmask(@Nullable IpPrefix range) {
    return range == null ? null : text(Netmasks.text(range.family(), range.length()));
  }

  /**
   * Reads a network of either document.
   *
   * @return null if there was a finding
   */
  static @Nullable VmNetwork read(String name, Fields in, Findings findings) {
    int before = findings.count();
    NetworkType type =
        in.parsed("type", text -> choice(NetworkType.values(), NetworkType::keyword, text));
    type = type == null ? NetworkType.MANUAL : type;
    IpAddress ip = in.parsed("ip", NetworkFields::address);
    IpPrefix range = range(in, ip);
    IpPrefix block = block(in, type, ip);
    IpAddress gateway = in.parsed("gateway", NetworkFields::address);
    List<IpAddress> dns = in.listOf("dns", NetworkFields::address);
    Set<DefaultFor> defaults = EnumSet.noneOf(DefaultFor.class);
    defaults.addAll(
        in.listOf("default", text -> choice(DefaultFor.values(), DefaultFor::keyword, text)));
    Integer nicGroup = in.number("nic_group");
    MacAddress mac = in.parsed("mac", MacAddress::parse);
    boolean useDhcp = in.flag("use_dhcp");
    Fields properties = in.object("cloud_properties");
    boolean resolved = in.flag("resolved");
    boolean preconfigured = in.flag("preconfigured");
    List<StaticRoute> routes = RouteFields.read(in.objectsOf("routes"));
    String alias = in.text("alias");
    if (findings.count() > before) {
      return null;
    }
    try {
      return new VmNetwork(
          name,
          type,
          block,
          range,
          gateway,
          dns,
          defaults,
          nicGroup,
          mac,
          useDhcp,
          properties == null ? Map.of() : properties.rest(),
          new AgentHints(alias, resolved, preconfigured, routes, in.rest()));
    } catch (IllegalArgumentException e) {
      in.refuse(String.valueOf(e.getMessage()));
      return null;
    }
  }

  static IpAddress address(String text) {
    return IpAddress.parse(text).requireNative();
  }

  private static <E> E choice(E[] values, Function<E, String> keyword, String text) {
    for (E value : values) {
      if (keyword.apply(value).equals(text)) {
        return value;
      }
    }
    throw new IllegalArgumentException(
        "\"%s\": is not known here; write %s"
            .formatted(
                text, Arrays.stream(values).map(keyword).collect(Collectors.joining(" or "))));
  }

  private static @Nullable IpPrefix range(Fields in, @Nullable IpAddress ip) {
    if (ip == null) {
      if (!in.text("netmask").isEmpty()) {
        in.refuse("netmask", in.text("netmask") + ": has no ip beside it; give both or none");
      }
      return null;
    }
    Integer length =
        in.parsed("netmask", text -> Netmasks.length(ip.family(), IpAddress.parse(text)));
    return length == null ? null : IpPrefix.containing(ip, length);
  }

  private static @Nullable IpPrefix block(Fields in, NetworkType type, @Nullable IpAddress ip) {
    if (ip == null) {
      // Nothing to apply it to; what directors write all the same is dropped and written again.
      String text = in.text("prefix");
      if (!text.isEmpty() && !text.equals(DYNAMIC_PREFIX)) {
        in.refuse("prefix", "\"%s\": has no ip beside it; give both or none".formatted(text));
      }
      return null;
    }
    IpFamily family = ip.family();
    return in.parsed(
        "prefix",
        text -> {
          // Directors give vip networks this length also in IPv6, and mean one address.
          boolean single = type != NetworkType.MANUAL && text.equals(DYNAMIC_PREFIX);
          return IpPrefix.of(ip, single ? family.bits() : length(family, text));
        },
        () -> IpPrefix.single(ip));
  }

  private static int length(IpFamily family, String text) {
    int length = LENGTH.matcher(text).matches() ? Integer.parseInt(text) : Integer.MAX_VALUE;
    if (length > family.bits()) {
      throw new IllegalArgumentException(
          "\"%s\": is no length of an %s prefix; write \"0\" to \"%d\""
              .formatted(text, family.label(), family.bits()));
    }
    return length;
  }
}
