package io.dualstack.impl.firewall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.dualstack.Diagnostic;
import io.dualstack.InvalidConfigurationException;
import io.dualstack.firewall.Lifecycle;
import io.dualstack.firewall.SecurityGroup;
import io.dualstack.firewall.SecurityGroupRule;
import io.dualstack.firewall.Traffic;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import io.dualstack.net.PortRange;
import io.dualstack.net.Protocol;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Security groups as Cloud Controller takes them, and what it or Diego refuses. */
class SecurityGroupFileTest {
  private static final RuleOptions NEITHER = new RuleOptions(false, false);
  private static final RuleOptions IPV6 = new RuleOptions(true, false);
  private static final RuleOptions LISTS = new RuleOptions(false, true);
  private static final RuleOptions BOTH = new RuleOptions(true, true);

  @TempDir private Path folder;

  private Path file(String name, String json) {
    try {
      return Files.writeString(folder.resolve(name), json);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private List<SecurityGroup> groups(String json, RuleOptions options) {
    return SecurityGroupFile.read(List.of(file("web.json", json)), options);
  }

  private SecurityGroupRule rule(String json, RuleOptions options) {
    return groups("[" + json + "]", options).get(0).rules().get(0);
  }

  /** What is refused, as pointer and message. */
  private List<String> refusals(String json, RuleOptions options) {
    InvalidConfigurationException refused =
        catchThrowableOfType(() -> groups(json, options), InvalidConfigurationException.class);
    assertThat(refused).as(json).isNotNull();
    return refused.diagnostics().stream()
        .map((Diagnostic each) -> each.path() + ": " + each.message())
        .toList();
  }

  private static String udp(String destination) {
    return "{\"protocol\":\"udp\",\"destination\":\"%s\",\"ports\":\"8080\"}"
        .formatted(destination);
  }

  private static String icmp(String protocol, String destination) {
    return "{\"protocol\":\"%s\",\"destination\":\"%s\",\"type\":-1,\"code\":255}"
        .formatted(protocol, destination);
  }

  private List<String> refusedDestination(String destination, RuleOptions options) {
    return refusals("[" + udp(destination) + "]", options);
  }

  // What is read

  @Test
  void rules_alone_are_a_group_with_the_files_name() {
    SecurityGroup group =
        groups(
                "[{\"protocol\":\"tcp\",\"destination\":\"192.168.10.2/24\",\"ports\":\"80, 0443 ,\","
                    + "\"log\":true,\"description\":\"web\"}]",
                NEITHER)
            .get(0);

    assertThat(group.name()).isEqualTo("web");
    assertThat(group.rules())
        .containsExactly(
            new SecurityGroupRule(
                new Traffic.Ports(
                    Protocol.TCP, List.of(PortRange.single(80), PortRange.single(443))),
                IpSet.of(IpRange.parse("192.168.10.0/24")),
                true,
                "web"));
  }

  @Test
  void groups_are_read_out_of_an_object_an_array_and_an_answer_of_the_api() {
    String group =
        "{\"guid\":\"b85a\",\"name\":\"dns\",\"rules\":[%s],".formatted(udp("10.0.0.1-10.0.0.9"))
            + "\"globally_enabled\":{\"running\":true,\"staging\":false},\"relationships\":{}}";

    for (String json :
        List.of(group, "[" + group + "]", "{\"pagination\":{},\"resources\":[" + group + "]}")) {
      SecurityGroup read = groups(json, NEITHER).get(0);
      assertThat(read.name()).isEqualTo("dns");
      assertThat(read.defaultFor()).containsExactly(Lifecycle.RUNNING);
      assertThat(read.rules()).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2001:db8::/32",
        "2001:0db8:0000:0000::01",
        "2001:DB8::0001",
        "::10.0.0.1",
        "2001:db8::1-2001:db8::1",
        "2001:db8::1/64"
      })
  void ipv6_is_read_when_it_is_on_and_refused_as_ever_when_it_is_off(String destination) {
    assertThat(rule(udp(destination), IPV6).destinations().only(IpFamily.IPV4).isEmpty()).isTrue();

    assertThat(refusedDestination(destination, NEITHER))
        .hasSize(1)
        .first()
        .asString()
        .startsWith("/0/destination: \"" + destination + "\": ")
        .contains("IPv6 is off: switch enable_ipv6 on");
  }

  @Test
  void a_list_may_mix_families() {
    assertThat(rule(udp("2001:db8::,4.5.6.7,10.0.0.0/8"), BOTH).destinations())
        .isEqualTo(
            IpSet.of(
                IpRange.parse("4.5.6.7"),
                IpRange.parse("10.0.0.0/8"),
                IpRange.parse("2001:db8::")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"2001:db8::/32", "2001:db8::1-2001:db8::2", "2001:db8::1,2001:db8:1::/48"})
  void icmpv6_takes_ipv6_and_icmp_does_not(String destination) {
    assertThat(rule(icmp("icmpv6", destination), BOTH).traffic())
        .isEqualTo(new Traffic.Icmp(IpFamily.IPV6, -1, 255));

    assertThat(refusals("[" + icmp("icmp", destination) + "]", BOTH))
        .hasSize(destination.split(",").length)
        .allMatch(each -> each.contains("is IPv6, and protocol icmp needs IPv4"));
  }

  // What is refused

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 1",
    "10.0.0.1-10.0.0.2, 1",
    "'10.0.0.0/8,2001:db8::/32', 1",
    "'10.0.0.0/8,10.0.0.1', 2"
  })
  void icmpv6_to_ipv4_is_refused_for_each_destination(String destination, int errors) {
    assertThat(refusals("[" + icmp("icmpv6", destination) + "]", BOTH))
        .hasSize(errors)
        .allMatch(each -> each.contains("is IPv4, and protocol icmpv6 needs IPv6"));
  }

  @Test
  void icmpv6_without_ipv6_is_refused_for_two_reasons() {
    assertThat(refusals("[" + icmp("icmpv6", "::/0") + "]", NEITHER))
        .satisfiesExactly(
            one -> assertThat(one).startsWith("/0/protocol: ").contains("needs enable_ipv6"),
            two -> assertThat(two).startsWith("/0/destination: ").contains("IPv6 is off"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2001:db8::/129",
        "10.0.0.0/33",
        "10.0.0.0/",
        "10.0.0.0/08",
        "2001:db8::/032",
        "[2001:db8::1]",
        "[2001:db8::1]/64",
        "fe80::1%eth0",
        "10.0.0.0/255.0.0.0",
        "2001:db8::/ffff::",
        "1.2.3",
        "1010",
        "2001",
        "example.com",
        "2001:db8::g",
        "256.0.0.1"
      })
  void what_is_no_address_and_no_block_is_refused(String destination) {
    assertThat(refusedDestination(destination, BOTH))
        .hasSize(1)
        .first()
        .asString()
        .startsWith("/0/destination: \"" + destination + "\": needs valid CIDR blocks");
    assertThat(refusedDestination(destination, IPV6).get(0)).contains("needs a valid CIDR block");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2001:db8::1-2001:db8::g",
        "1.1.1.1-2001:db8::1",
        "10.0.0.0/-1",
        "1.1.1.1-2.2.2.2/30",
        "1.1.1.0/24-2.2.2.2",
        "1.1.1.1-2.2.2.2-3.3.3.3",
        "1.1.1.1-",
        "-1.1.1.1",
        "1.1.1.1--2.2.2.2",
        "a-b-c"
      })
  void an_invalid_range_is_refused(String destination) {
    assertThat(refusedDestination(destination, IPV6))
        .hasSize(1)
        .first()
        .asString()
        .contains("\"" + destination + "\": is an invalid range");
  }

  @ParameterizedTest
  @ValueSource(strings = {"2001:db8::ff-2001:db8::1", "10.0.0.2-10.0.0.1"})
  void a_range_that_runs_backwards_is_refused(String destination) {
    assertThat(refusedDestination(destination, IPV6))
        .singleElement()
        .asString()
        .contains("has inverted endpoints; write ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "::ffff:10.0.0.1",
        "::ffff:10.0.0.0/104",
        "::ffff:10.0.0.0/8",
        "::ffff:10.0.0.1-::ffff:10.0.0.2"
      })
  void ipv4_in_ipv6_notation_is_refused_as_diego_takes_it_for_ipv4(String destination) {
    assertThat(refusedDestination(destination, IPV6))
        .singleElement()
        .asString()
        .contains("write the IPv4 form: 10.0.0.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "010.0.0.1-10.0.0.9",
        "10.0.0.1-10.0.0.09",
        "010.000.000.000/24",
        "03.005.010.02",
        "1.2.3.04",
        "::ffff:010.0.0.1"
      })
  void an_octet_with_a_leading_zero_is_refused_once(String destination) {
    assertThat(refusedDestination(destination, IPV6))
        .singleElement()
        .asString()
        .contains("octet with a leading zero");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"    2001:0db8::1", "0.0.0.0 - 0.0.0.4", "1.1.1.1, 2.2.2.2", "1.1.1.1\\n"})
  void white_space_is_refused(String destination) {
    assertThat(refusedDestination(destination, BOTH))
        .singleElement()
        .asString()
        .contains("has white space");
  }

  @Test
  void a_comma_is_refused_while_lists_are_off() {
    assertThat(refusedDestination("2001:0db8::1,", IPV6))
        .singleElement()
        .asString()
        .contains("has a comma, and lists are off");
  }

  @Test
  void every_item_of_a_list_is_checked() {
    assertThat(
            refusedDestination(
                "2001:db8::1-2001:db8::g,2001:db8::/129,2001:db8::ff-2001:db8::1", BOTH))
        .satisfiesExactly(
            one -> assertThat(one).contains("invalid range"),
            two -> assertThat(two).contains("needs valid CIDR blocks"),
            three -> assertThat(three).contains("inverted"));
    assertThat(refusedDestination(",10.10.10.10,,11.11.11.11,", LISTS))
        .hasSize(6)
        .satisfies(
            all ->
                assertThat(IntStream.range(0, 6).boxed().toList())
                    .allMatch(
                        i ->
                            all.get(i)
                                .contains(i % 2 == 0 ? "empty destination" : "needs valid CIDR")));
  }

  @ParameterizedTest
  @CsvSource({"10.0.0.1, 6000, true", "10.0.0.1, 6001, false", "2001:db8::1, 7000, false"})
  void six_thousand_destinations_are_the_most(String destination, int count, boolean fine) {
    String list = Stream.generate(() -> destination).limit(count).collect(Collectors.joining(","));

    if (fine) {
      assertThat(rule(udp(list), BOTH).destinations().ranges()).hasSize(1);
    } else {
      assertThat(refusedDestination(list, BOTH))
          .singleElement()
          .asString()
          .contains("has %d destinations; the maximum of a rule is 6000".formatted(count));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "null, must be a string or missing",
    "'\"\"', is empty",
    "17, must be a string",
    "'[\"10.0.0.1\"]', must be a string"
  })
  void a_destination_is_a_string_with_something_in_it(String value, String reason) {
    assertThat(refusals("[{\"protocol\":\"all\",\"destination\":%s}]".formatted(value), NEITHER))
        .singleElement()
        .asString()
        .startsWith("/0/destination: ")
        .contains(value.equals("null") ? "is missing" : reason);
  }

  @ParameterizedTest
  @ValueSource(strings = {"80", "80,", " 80 , 443 ", "080", "1-65535", "80 - 90", "8080,8080"})
  void ports_are_read_as_cloud_controller_reads_them(String ports) {
    assertThat(
            rule(
                    "{\"protocol\":\"tcp\",\"destination\":\"10.0.0.1\",\"ports\":\"%s\"}"
                        .formatted(ports),
                    NEITHER)
                .traffic()
                .services()
                .isEmpty())
        .isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "80",
        "\"\"",
        "\",\"",
        "\",80\"",
        "\"80,,443\"",
        "\"0\"",
        "\"65536\"",
        "\"99999999999\"",
        "\"80-80\"",
        "\"90-80\"",
        "\"80-90-100\"",
        "\"80,443-500\"",
        "\"-80\"",
        "\"http\"",
        "\"8 0\""
      })
  void other_ports_are_refused(String ports) {
    assertThat(
            refusals(
                "[{\"protocol\":\"udp\",\"destination\":\"10.0.0.1\",\"ports\":%s}]"
                    .formatted(ports),
                NEITHER))
        .singleElement()
        .asString()
        .startsWith("/0/ports: ");
  }

  @Test
  void what_a_protocol_needs_must_be_there_and_what_it_has_not_must_not() {
    assertThat(
            refusals(
                "[{\"protocol\":\"tcp\",\"destination\":\"10.0.0.1\"},"
                    + "{\"protocol\":\"tcp\",\"destination\":\"10.0.0.1\",\"ports\":\"1\",\"type\":0},"
                    + "{\"protocol\":\"icmp\",\"destination\":\"10.0.0.1\"},"
                    + "{\"protocol\":\"icmp\",\"destination\":\"10.0.0.1\",\"type\":0,\"code\":0,\"ports\":\"1\"},"
                    + "{\"protocol\":\"all\",\"destination\":\"10.0.0.1\",\"ports\":\"\"},"
                    + "{\"protocol\":\"all\",\"destination\":\"10.0.0.1\",\"code\":1}]",
                NEITHER))
        .satisfiesExactly(
            each -> assertThat(each).startsWith("/0/ports: is missing"),
            each -> assertThat(each).startsWith("/1/type: 0: protocol tcp has no type"),
            each -> assertThat(each).startsWith("/2/type: is missing"),
            each -> assertThat(each).startsWith("/2/code: is missing"),
            each -> assertThat(each).startsWith("/3/ports: \"1\": protocol icmp has no ports"),
            each -> assertThat(each).startsWith("/4/ports: \"\": protocol all has no ports"),
            each -> assertThat(each).startsWith("/5/code: 1: protocol all has no code"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"8\"", "256", "-2", "1.5", "true"})
  void types_and_codes_are_whole_numbers(String number) {
    assertThat(
            refusals(
                "[{\"protocol\":\"icmp\",\"destination\":\"10.0.0.1\",\"type\":%s,\"code\":%s}]"
                    .formatted(number, number),
                NEITHER))
        .hasSize(2)
        .allMatch(each -> each.contains(number + ": must be a whole number from -1 to 255"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"TCP\"", "\"ip\"", "6", "null", "[]"})
  void an_unknown_protocol_is_refused_with_those_there_are(String protocol) {
    assertThat(
            refusals(
                "[{\"protocol\":%s,\"destination\":\"10.0.0.1\"}]".formatted(protocol), NEITHER))
        .singleElement()
        .asString()
        .isEqualTo(
            "/0/protocol: %s: is no protocol; use tcp, udp, icmp, icmpv6 or all, in lower case"
                .formatted(protocol));
  }

  @Test
  void unknown_fields_are_named_together_beside_what_is_missing() {
    assertThat(refusals("[{\"blork\":\"x\",\"blark\":1}]", NEITHER))
        .satisfiesExactly(
            one -> assertThat(one).startsWith("/0: blork, blark: unknown fields"),
            two -> assertThat(two).startsWith("/0/protocol: is missing"),
            three -> assertThat(three).startsWith("/0/destination: is missing"));
  }

  @Test
  void log_and_description_are_refused_when_they_are_null_or_of_another_type() {
    assertThat(
            refusals(
                "[{\"protocol\":\"all\",\"destination\":\"10.0.0.1\",\"log\":null,\"description\":null},"
                    + "{\"protocol\":\"all\",\"destination\":\"10.0.0.1\",\"log\":\"yes\",\"description\":1}]",
                NEITHER))
        .satisfiesExactly(
            each -> assertThat(each).startsWith("/0/log: null: must be true or false"),
            each -> assertThat(each).startsWith("/0/description: null: must be a string"),
            each -> assertThat(each).startsWith("/1/log: \"yes\": must be true or false"),
            each -> assertThat(each).startsWith("/1/description: 1: must be a string"));
  }

  @Test
  void elements_that_are_no_rules_are_skipped_with_one_error_each() {
    assertThat(refusals("[1,null,\"x\"," + udp("10.0.0.1") + "]", NEITHER))
        .hasSize(3)
        .allMatch(each -> each.contains("is no object"));
    assertThat(refusals("{\"name\":\"a\",\"rules\":{}}", NEITHER))
        .containsExactly(
            "/rules: {}: is no array of rules; write [{\"protocol\": …, \"destination\": …}]");
  }

  @Test
  void a_groups_name_and_defaults_are_checked() {
    assertThat(
            refusals(
                "[{\"rules\":[]},{\"name\":\"\",\"rules\":[]},{\"name\":7},"
                    + "{\"name\":\"%s\"},{\"name\":\"a\"},{\"name\":\"a\"},"
                        .formatted("n".repeat(251))
                    + "{\"name\":\"b\",\"globally_enabled\":{\"running\":1,\"paused\":true}},"
                    + "{\"name\":\"c\",\"globally_enabled\":[]}]",
                NEITHER))
        .satisfiesExactly(
            each -> assertThat(each).startsWith("/0/name: is missing"),
            each -> assertThat(each).startsWith("/1/name: \"\": must be a string"),
            each -> assertThat(each).startsWith("/2/name: 7: must be a string"),
            each -> assertThat(each).startsWith("/3: ").contains("too long for a name"),
            each -> assertThat(each).startsWith("/5: \"a\": is the name of another group"),
            each -> assertThat(each).startsWith("/6/globally_enabled/running: 1: must be"),
            each ->
                assertThat(each).startsWith("/6/globally_enabled/paused: true: is no lifecycle"),
            each -> assertThat(each).startsWith("/7/globally_enabled: []: is no object"));
  }

  @Test
  void a_name_of_250_characters_is_fine() {
    assertThat(groups("{\"name\":\"%s\"}".formatted("n".repeat(250)), NEITHER)).hasSize(1);
  }

  @Test
  void rules_that_dont_fit_into_the_database_are_refused() {
    String description = "d".repeat(SecurityGroupFile.MOST_CHARACTERS);

    assertThat(
            refusals(
                "[{\"protocol\":\"all\",\"destination\":\"10.0.0.1\",\"description\":\"%s\"}]"
                    .formatted(description),
                NEITHER))
        .singleElement()
        .asString()
        .contains("the maximum of a group is 16777215");
  }

  @Test
  void faults_of_all_files_are_told_together() {
    Path one = file("one.json", "[" + udp("x") + "]");
    Path two = file("two.json", "{\"name\":\"two\",\"rules\":[" + udp("y") + "]}");

    InvalidConfigurationException refused =
        catchThrowableOfType(
            () -> SecurityGroupFile.read(List.of(one, two), NEITHER),
            InvalidConfigurationException.class);

    assertThat(refused.diagnostics())
        .extracting(Diagnostic::source, Diagnostic::path)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(one.toString(), "/0/destination"),
            org.assertj.core.groups.Tuple.tuple(two.toString(), "/rules/0/destination"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "", "7", "{\"a\":1,\"a\":2}"})
  void what_is_no_json_or_no_group_is_refused(String text) {
    assertThat(refusals(text, NEITHER)).hasSize(1);
  }
}
