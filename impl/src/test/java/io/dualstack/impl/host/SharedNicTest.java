package io.dualstack.impl.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.host.AgentSettings;
import io.dualstack.host.HostFormats;
import io.dualstack.host.VmNetwork;
import io.dualstack.impl.host.networkd.UnitFile;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Agents' settings with several networks on one NIC, as providers write them: without groups, told
 * by their hardware address alone.
 */
class SharedNicTest {
  private static final String MAC = "02:00:00:00:00:0a";
  private static final Map<String, String> INTERFACES = Map.of(MAC, "ens5");

  private static final String FIRST_IPV4 =
      """
      "a": {"type": "manual", "ip": "10.0.0.4", "prefix": "32", "netmask": "255.255.255.0",
            "gateway": "10.0.0.1", "default": ["dns", "gateway"], "dns": ["10.0.0.2"],%s
            "mac": "02-00-00-00-00-0A"}""";
  private static final String SECOND_IPV4 =
      """
      "b": {"type": "manual", "ip": "10.0.1.4", "prefix": "32", "netmask": "255.255.255.0",%s
            "gateway": "10.0.1.1", "mac": "02:00:00:00:00:0a"}""";
  private static final String DELEGATED_IPV4 =
      """
      "c": {"type": "manual", "ip": "10.0.2.16", "prefix": "28", "netmask": "255.255.255.0",%s
            "mac": "02:00:00:00:00:0a"}""";
  private static final String FIRST_IPV6 =
      """
      "d": {"type": "manual", "ip": "2001:db8::4", "prefix": "128",%s
            "netmask": "ffff:ffff:ffff:ffff:0000:0000:0000:0000",
            "gateway": "2001:db8::1", "mac": "02:00:00:00:00:0a"}""";
  private static final String SECOND_IPV6 =
      """
      "e": {"type": "manual", "ip": "2001:db8:0:1::4", "prefix": "128",%s
            "netmask": "ffff:ffff:ffff:ffff:0000:0000:0000:0000", "mac": "02:00:00:00:00:0a"}""";
  private static final String DELEGATED_IPV6 =
      """
      "f": {"type": "manual", "ip": "2001:db8:0:2:5::", "prefix": "80",%s
            "netmask": "ffff:ffff:ffff:ffff:0000:0000:0000:0000", "mac": "02:00:00:00:00:0a"}""";

  private final HostFormats formats = new BoshHostFormats();

  /** The networks on the NIC, and what it is to have. */
  record Nic(
      String name,
      List<String> networks,
      List<String> addresses,
      List<String> gateways,
      List<String> delegated) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Nic> nics() {
    return Stream.of(
        new Nic(
            "two IPv4",
            List.of(FIRST_IPV4, SECOND_IPV4),
            List.of("10.0.0.4/24", "10.0.1.4/24"),
            List.of("10.0.0.1"),
            List.of()),
        new Nic(
            "IPv4 and delegated IPv4",
            List.of(FIRST_IPV4, SECOND_IPV4, DELEGATED_IPV4),
            List.of("10.0.0.4/24", "10.0.1.4/24"),
            List.of("10.0.0.1"),
            List.of("10.0.2.16/28")),
        new Nic(
            "two IPv6 and delegated IPv6",
            List.of(FIRST_IPV6, SECOND_IPV6, DELEGATED_IPV6),
            List.of("2001:db8::4/64", "2001:db8:0:1::4/64"),
            List.of(),
            List.of("2001:db8:0:2:5::/80")),
        new Nic(
            "dual stack",
            List.of(FIRST_IPV4, FIRST_IPV6),
            List.of("10.0.0.4/24", "2001:db8::4/64"),
            List.of("10.0.0.1", "2001:db8::1"),
            List.of()),
        new Nic(
            "two of both families, and a delegated prefix of each",
            List.of(
                FIRST_IPV4, SECOND_IPV4, DELEGATED_IPV4, FIRST_IPV6, SECOND_IPV6, DELEGATED_IPV6),
            List.of("10.0.0.4/24", "10.0.1.4/24", "2001:db8::4/64", "2001:db8:0:1::4/64"),
            List.of("10.0.0.1", "2001:db8::1"),
            List.of("10.0.2.16/28", "2001:db8:0:2:5::/80")));
  }

  @ParameterizedTest
  @MethodSource("nics")
  void all_networks_are_accepted_and_written_again(Nic nic) {
    AgentSettings settings = settings(nic.networks(), "");

    assertThat(settings.networks()).hasSameSizeAs(nic.networks());
    assertThat(settings.networks()).allMatch(it -> it.mac().toString().equals(MAC));
    assertThat(settings.networks()).allMatch(it -> it.nicGroup() == null);
    assertThat(formats.parseAgentSettings(formats.agentSettings(settings))).isEqualTo(settings);
  }

  @ParameterizedTest
  @MethodSource("nics")
  void one_file_has_every_address_and_a_route_for_each_prefix(Nic nic) {
    UnitFile file = onlyFile(settings(nic.networks(), "").networks());

    assertThat(file.all("Match", "Name")).containsExactly("ens5");
    assertThat(file.all("Address", "Address")).containsExactlyInAnyOrderElementsOf(nic.addresses());
    assertThat(file.all("Network", "Gateway")).isEqualTo(nic.gateways());
    assertThat(file.all("Network", "DHCP")).isEmpty();
    assertUnreachable(file, nic.delegated());
  }

  @ParameterizedTest
  @MethodSource("nics")
  void by_dhcp_one_file_has_no_address_and_a_route_for_each_prefix(Nic nic) {
    UnitFile file = onlyFile(settings(nic.networks(), " \"use_dhcp\": true,").networks());

    assertThat(file.all("Network", "DHCP")).containsExactly("yes");
    assertThat(file.all("Address")).isEmpty();
    assertThat(file.all("Network", "Gateway")).isEmpty();
    assertUnreachable(file, nic.delegated());
  }

  @ParameterizedTest
  @MethodSource("nics")
  void the_order_of_the_settings_makes_no_difference(Nic nic) {
    List<String> reversed = new ArrayList<>(nic.networks());
    Collections.reverse(reversed);

    assertThat(formats.networkdFiles(settings(reversed, "").networks(), INTERFACES))
        .isEqualTo(formats.networkdFiles(settings(nic.networks(), "").networks(), INTERFACES));
  }

  @Test
  void an_interface_of_another_hardware_address_is_configured_by_dhcp() {
    Map<String, String> files =
        formats.networkdFiles(
            settings(List.of(FIRST_IPV4, FIRST_IPV6), "").networks(),
            Map.of(MAC, "ens5", "02:00:00:00:00:0b", "ens6"));

    assertThat(files).containsOnlyKeys("10_ens5.network", "10_ens6.network");
    assertThat(files.get("10_ens6.network")).contains("DHCP=yes").doesNotContain("[Address]");
  }

  @Test
  void a_hardware_address_that_no_interface_has_is_refused() {
    List<VmNetwork> networks = settings(List.of(FIRST_IPV4), "").networks();

    assertThatThrownBy(() -> formats.networkdFiles(networks, Map.of("02:00:00:00:00:0b", "ens6")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a: its NIC a has no interface");
  }

  private static void assertUnreachable(UnitFile file, List<String> prefixes) {
    assertThat(file.all("Route"))
        .allMatch(route -> route.all("Type").equals(List.of("unreachable")));
    assertThat(file.all("Route", "Destination")).containsExactlyInAnyOrderElementsOf(prefixes);
  }

  private UnitFile onlyFile(List<VmNetwork> networks) {
    Map<String, String> files = formats.networkdFiles(networks, INTERFACES);
    assertThat(files).containsOnlyKeys("10_ens5.network");
    return UnitFile.parse(files.get("10_ens5.network"));
  }

  private AgentSettings settings(List<String> networks, String more) {
    List<String> filled = networks.stream().map(network -> network.formatted(more)).toList();
    return formats.parseAgentSettings(
        "{\"agent_id\": \"x\", \"networks\": {" + String.join(",\n", filled) + "}}");
  }
}
