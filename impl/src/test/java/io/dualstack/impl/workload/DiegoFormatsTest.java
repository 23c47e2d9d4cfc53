package io.dualstack.impl.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.InvalidConfigurationException;
import io.dualstack.net.IpAddress;
import io.dualstack.workload.EnvironmentOptions;
import io.dualstack.workload.NetInfo;
import io.dualstack.workload.PortMapping;
import io.dualstack.workload.PreferredAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DiegoFormatsTest {
  private static final EnvironmentOptions ALL = new EnvironmentOptions(true);
  private static final List<PortMapping> PORTS =
      List.of(new PortMapping(8080, 61000, 61001, 61002), PortMapping.of(2222, 61003));

  private final DiegoFormats formats = new DiegoFormats();

  private static NetInfo at(String cell, String ipv4, @Nullable String ipv6, PortMapping... ports) {
    return NetInfo.of(
        IpAddress.parse(cell),
        IpAddress.parse(ipv4),
        ipv6 == null ? null : IpAddress.parse(ipv6),
        List.of(ports));
  }

  private static NetInfo withPorts(@Nullable String ipv6) {
    return at("10.0.16.4", "10.255.3.7", ipv6, PORTS.toArray(PortMapping[]::new));
  }

  @Test
  void without_ipv6_the_environment_is_what_it_was() {
    Map<String, String> golden = new LinkedHashMap<>();
    golden.put("CF_INSTANCE_IP", "10.0.16.4");
    golden.put("CF_INSTANCE_INTERNAL_IP", "10.255.3.7");
    golden.put("CF_INSTANCE_PORT", "61000");
    golden.put("CF_INSTANCE_ADDR", "10.0.16.4:61000");
    golden.put(
        "CF_INSTANCE_PORTS",
        "[{\"external\":61000,\"internal\":8080,\"external_tls_proxy\":61002,"
            + "\"internal_tls_proxy\":61001},{\"external\":61003,\"internal\":2222}]");

    assertThat(formats.environment(withPorts(null), EnvironmentOptions.DEFAULT))
        .containsExactlyEntriesOf(golden);
    assertThat(formats.environment(withPorts(null), ALL)).containsExactlyEntriesOf(golden);
  }

  @Test
  void with_ipv6_one_variable_is_added_and_the_others_stay() {
    Map<String, String> before = formats.environment(withPorts(null), EnvironmentOptions.DEFAULT);

    Map<String, String> with =
        formats.environment(withPorts("2001:db8::7"), EnvironmentOptions.DEFAULT);

    assertThat(with).containsAllEntriesOf(before).hasSize(before.size() + 1);
    assertThat(with).containsEntry("CF_INSTANCE_INTERNAL_IPV6", "2001:db8::7");
  }

  @Test
  void with_everything_on_there_are_these_variables_and_no_other() {
    assertThat(lines(formats.environment(withPorts("2001:db8::7"), ALL)))
        .containsExactly(
            "CF_INSTANCE_IP=10.0.16.4",
            "CF_INSTANCE_INTERNAL_IP=10.255.3.7",
            "CF_INSTANCE_INTERNAL_IPV6=2001:db8::7",
            "CF_INSTANCE_PORT=61000",
            "CF_INSTANCE_ADDR=10.0.16.4:61000",
            "CF_INSTANCE_PORTS=[{\"external\":61000,\"internal\":8080,"
                + "\"external_tls_proxy\":61002,\"internal_tls_proxy\":61001},"
                + "{\"external\":61003,\"internal\":2222}]",
            "CF_INSTANCE_PORT_IPV6=8080",
            "CF_INSTANCE_ADDR_IPV6=[2001:db8::7]:8080",
            "CF_INSTANCE_PORTS_IPV6=[{\"internal\":8080,\"internal_tls_proxy\":61001},"
                + "{\"internal\":2222}]");
  }

  private static List<String> lines(Map<String, String> environment) {
    return environment.entrySet().stream().map(Object::toString).toList();
  }

  @Test
  void without_ports_port_and_address_are_empty_and_ipv6_has_none() {
    List<String> before =
        List.of(
            "CF_INSTANCE_IP=10.0.16.4",
            "CF_INSTANCE_INTERNAL_IP=10.255.3.7",
            "CF_INSTANCE_PORT=",
            "CF_INSTANCE_ADDR=",
            "CF_INSTANCE_PORTS=[]");
    List<String> with = new ArrayList<>(before);
    with.add(2, "CF_INSTANCE_INTERNAL_IPV6=2001:db8::7");

    for (EnvironmentOptions options : List.of(EnvironmentOptions.DEFAULT, ALL)) {
      assertThat(lines(formats.environment(at("10.0.16.4", "10.255.3.7", null), options)))
          .isEqualTo(before);
      assertThat(lines(formats.environment(at("10.0.16.4", "10.255.3.7", "2001:db8::7"), options)))
          .isEqualTo(with);
    }
  }

  @Test
  void an_unmapped_first_port_leaves_port_and_address_out_but_is_reached_by_ipv6() {
    PortMapping unmapped = new PortMapping(8080, 0, 61001, 61002);
    List<String> before =
        List.of(
            "CF_INSTANCE_IP=10.0.16.4",
            "CF_INSTANCE_INTERNAL_IP=10.255.3.7",
            "CF_INSTANCE_PORTS=[{\"internal\":8080,\"external_tls_proxy\":61002,"
                + "\"internal_tls_proxy\":61001}]");
    List<String> with = new ArrayList<>(before);
    with.add(2, "CF_INSTANCE_INTERNAL_IPV6=2001:db8::7");
    List<String> all = new ArrayList<>(with);
    all.addAll(
        List.of(
            "CF_INSTANCE_PORT_IPV6=8080",
            "CF_INSTANCE_ADDR_IPV6=[2001:db8::7]:8080",
            "CF_INSTANCE_PORTS_IPV6=[{\"internal\":8080,\"internal_tls_proxy\":61001}]"));

    NetInfo ipv4 = at("10.0.16.4", "10.255.3.7", null, unmapped);
    NetInfo both = at("10.0.16.4", "10.255.3.7", "2001:db8::7", unmapped);
    assertThat(lines(formats.environment(ipv4, EnvironmentOptions.DEFAULT))).isEqualTo(before);
    assertThat(lines(formats.environment(ipv4, ALL))).isEqualTo(before);
    assertThat(lines(formats.environment(both, EnvironmentOptions.DEFAULT))).isEqualTo(with);
    assertThat(lines(formats.environment(both, ALL))).isEqualTo(all);
  }

  @Test
  void a_cell_with_an_ipv6_address_stands_in_brackets_before_a_port() {
    NetInfo instance = at("2001:db8::c", "10.255.3.7", null, PortMapping.of(8080, 61000));

    assertThat(formats.environment(instance, EnvironmentOptions.DEFAULT))
        .containsEntry("CF_INSTANCE_IP", "2001:db8::c")
        .containsEntry("CF_INSTANCE_ADDR", "[2001:db8::c]:61000");
  }

  @Test
  void an_instance_that_runs_nowhere_has_no_environment() {
    NetInfo nowhere = new NetInfo(null, List.of(), null, PreferredAddress.UNKNOWN, null, Map.of());

    assertThat(nowhere.isEmpty()).isTrue();
    assertThatThrownBy(() -> formats.environment(nowhere, EnvironmentOptions.DEFAULT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the address of the cell is missing");
  }

  @Test
  void the_hosts_file_has_each_family_that_the_container_has() {
    assertThat(formats.hostsFile("h", withPorts(null)))
        .isEqualTo("127.0.0.1 localhost\n10.255.3.7 h\n");
    assertThat(formats.hostsFile("h", withPorts("2001:db8::7")))
        .isEqualTo("127.0.0.1 localhost\n::1 localhost\n10.255.3.7 h\n2001:db8::7 h\n");
  }

  @Test
  void the_hosts_file_has_the_end_of_a_long_handle() {
    String handle = "a".repeat(10) + "b".repeat(49);

    assertThat(formats.hostsFile(handle, withPorts(null)))
        .endsWith("\n10.255.3.7 " + "b".repeat(49) + "\n");
    assertThatThrownBy(() -> formats.hostsFile("a b", withPorts(null)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"a b\"");
  }

  @Test
  void net_info_without_ipv6_is_written_as_it_was() {
    assertThat(formats.netInfo(withPorts(null)))
        .isEqualTo(
            "{\"address\":\"10.0.16.4\",\"ports\":[{\"container_port\":8080,\"host_port\":61000,"
                + "\"container_tls_proxy_port\":61001,\"host_tls_proxy_port\":61002},"
                + "{\"container_port\":2222,\"host_port\":61003}],"
                + "\"instance_address\":\"10.255.3.7\",\"preferred_address\":\"HOST\"}");
  }

  @Test
  void net_info_survives_a_round_trip_with_fields_of_later_versions() {
    String json =
        "{\"address\":\"10.0.16.4\",\"ports\":[],\"instance_address\":\"10.255.3.7\","
            + "\"preferred_address\":\"INSTANCE\",\"instance_ipv6_address\":\"fd00::1\","
            + "\"later\":{\"a\":[1,\"b\"]}}";

    assertThat(formats.netInfo(formats.parseNetInfo(json))).isEqualTo(json);
  }

  @Test
  void an_ipv4_only_peer_is_read_as_having_no_ipv6() {
    NetInfo old =
        formats.parseNetInfo(
            "{\"address\":\"\",\"ports\":null,\"preferred_address\":\"UNKNOWN\","
                + "\"instance_ipv6_address\":\"\"}");

    assertThat(old.isEmpty()).isTrue();
    assertThat(old.ipv6()).isEmpty();
  }

  @Test
  void everything_that_is_wrong_is_told_by_its_pointer() {
    assertThatThrownBy(
            () ->
                formats.parseNetInfo(
                    "{\"address\":\"10.0.0.300\",\"ports\":[{\"container_port\":70000}],"
                        + "\"instance_address\":\"::1\",\"preferred_address\":\"BOTH\","
                        + "\"instance_ipv6_address\":\"::ffff:10.0.0.1\"}"))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("/address")
        .hasMessageContaining("/ports/0")
        .hasMessageContaining("/instance_address")
        .hasMessageContaining("/preferred_address")
        .hasMessageContaining("/instance_ipv6_address");
    assertThatThrownBy(() -> formats.parseNetInfo("["))
        .isInstanceOf(InvalidConfigurationException.class);
  }
}
