package io.dualstack.testkit.net;

import static org.assertj.core.api.Assertions.assertThat;

import inet.ipaddr.ipv6.IPv6Address;
import io.dualstack.net.AddressSyntaxException;
import io.dualstack.net.InterfaceAddress;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpEndpoint;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpRange;
import io.dualstack.net.MacAddress;
import io.dualstack.net.PortRange;
import io.dualstack.net.Protocol;
import io.dualstack.testkit.Addresses;
import io.dualstack.testkit.constraint.Family;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * What is written is read back; what is read is what the RFCs call an address, no more, no less.
 */
class TextProperties {
  /** RFC 3986 section 3.2.2, IPv4address. */
  private static final String IPV4 =
      "(?:(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)\\.){3}(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";

  private static final Pattern ADDRESS = Pattern.compile(IPV4 + "|" + ipv6());

  /** The nine alternatives of RFC 3986 section 3.2.2, IPv6address. */
  private static String ipv6() {
    String h16 = "[0-9a-fA-F]{1,4}";
    String ls32 = "(?:" + h16 + ":" + h16 + "|" + IPV4 + ")";
    StringBuilder alternatives = new StringBuilder("(?:" + h16 + ":){6}" + ls32);
    for (int before = 0; before <= 5; before++) {
      alternatives
          .append("|")
          .append(before == 0 ? "" : "(?:(?:" + h16 + ":){0," + (before - 1) + "}" + h16 + ")?")
          .append("::(?:" + h16 + ":){" + (5 - before) + "}")
          .append(ls32);
    }
    return alternatives
        .append("|(?:(?:" + h16 + ":){0,5}" + h16 + ")?::" + h16)
        .append("|(?:(?:" + h16 + ":){0,6}" + h16 + ")?::")
        .toString();
  }

  @Property
  void an_address_is_read_back(@ForAll IpAddress address) {
    readsBack(IpAddress::parse, IpAddress::tryParse, address);
    assertThat(IpAddress.parse(address.toExpandedString())).isEqualTo(address);
    assertThat(IpAddress.parse(address.toString().toUpperCase(Locale.ROOT))).isEqualTo(address);
  }

  @Property
  void a_prefix_is_read_back(@ForAll IpPrefix prefix) {
    readsBack(IpPrefix::parse, IpPrefix::tryParse, prefix);
    assertThat(IpRange.parse(prefix.toString())).isEqualTo(prefix.toRange());
  }

  @Property
  void a_range_is_read_back(@ForAll IpRange range) {
    readsBack(IpRange::parse, IpRange::tryParse, range);
    assertThat(IpRange.parseMasking(range.toString()))
        .isEqualTo(new IpRange.Lenient(range, Optional.empty()));
    assertThat(IpRange.parse(range.first() + " - " + range.last())).isEqualTo(range);
  }

  @Property
  void an_interface_address_is_read_back(@ForAll InterfaceAddress address) {
    readsBack(InterfaceAddress::parse, InterfaceAddress::tryParse, address);
    assertThat(IpRange.parseMasking(address.toString()).range())
        .isEqualTo(address.network().toRange());
  }

  @Property
  void an_endpoint_is_read_back(@ForAll IpEndpoint endpoint) {
    readsBack(IpEndpoint::parse, IpEndpoint::tryParse, endpoint);
  }

  @Property
  void ports_are_read_back(@ForAll PortRange ports) {
    readsBack(PortRange::parse, PortRange::tryParse, ports);
  }

  @Property
  void a_protocol_is_read_back(@ForAll Protocol protocol) {
    readsBack(Protocol::parse, Protocol::tryParse, protocol);
    assertThat(Protocol.parse(Integer.toString(protocol.number()))).isEqualTo(protocol);
  }

  @Property
  void a_hardware_address_is_read_back(@ForAll MacAddress mac) {
    readsBack(MacAddress::parse, MacAddress::tryParse, mac);
  }

  private static <T> void readsBack(
      Function<String, T> parse, Function<String, Optional<T>> tryParse, T value) {
    T read = parse.apply(value.toString());

    assertThat(read).isEqualTo(value).hasSameHashCodeAs(value).hasToString(value.toString());
    assertThat(tryParse.apply(value.toString())).hasValue(value);
  }

  @Property
  void text_agrees_with_another_implementation(@ForAll @Family(IpFamily.IPV6) IpAddress address) {
    IPv6Address theirs = new IPv6Address(address.toBytes());

    assertThat(address.toString())
        .isEqualTo(
            address.isIpv4Mapped()
                ? "::ffff:" + theirs.getEmbeddedIPv4Address().toCanonicalString()
                : theirs.toCanonicalString());
    assertThat(address.toExpandedString()).isEqualTo(theirs.toFullString());
  }

  @Property
  void the_jdk_reads_our_text_as_the_same_address(@ForAll IpAddress address) throws Exception {
    java.net.InetAddress theirs = java.net.InetAddress.getByName(address.toString());

    // The JDK takes a mapped address for the IPv4 address inside.
    assertThat(IpAddress.of(theirs)).isEqualTo(address.mappedIpv4().orElse(address));
  }

  @Property(tries = 2_000)
  void exactly_the_grammar_of_rfc_3986_is_read(@ForAll("almostAddresses") String text) {
    assertThat(IpAddress.tryParse(text).isPresent())
        .as("%s is an address", text)
        .isEqualTo(ADDRESS.matcher(text).matches());
  }

  @Property(tries = 1_000)
  void whatever_is_refused_is_refused_with_a_reason_and_a_remedy(
      @ForAll("almostAnything") String text) {
    List<Function<String, ?>> parsers =
        List.of(
            IpAddress::parse,
            IpPrefix::parse,
            IpRange::parse,
            IpRange::parseMasking,
            InterfaceAddress::parse,
            IpEndpoint::parse,
            PortRange::parse,
            Protocol::parse,
            MacAddress::parse);
    for (Function<String, ?> parser : parsers) {
      try {
        assertThat(parser.apply(text)).isNotNull();
      } catch (AddressSyntaxException refused) {
        assertThat(refused.value()).isEqualTo(text);
        assertThat(refused.problem()).matches("(?s).+; \\S.+");
        assertThat(refused).hasMessageEndingWith("\": " + refused.problem());
      }
    }
  }

  @Property(tries = 1_000)
  void a_remedy_for_an_address_works(@ForAll("almostAddresses") String text) {
    remedy(IpAddress::parse, text)
        .ifPresent(meant -> assertThat(IpAddress.tryParse(meant)).as(meant).isPresent());
  }

  @Property(tries = 1_000)
  void a_remedy_for_a_prefix_works(
      @ForAll("almostAddresses") String text, @ForAll("almostLengths") String length) {
    remedy(IpPrefix::parse, text + "/" + length)
        .ifPresent(meant -> assertThat(IpPrefix.tryParse(meant)).as(meant).isPresent());
  }

  private static Optional<String> remedy(Function<String, ?> parser, String text) {
    try {
      assertThat(parser.apply(text)).isNotNull();
      return Optional.empty();
    } catch (AddressSyntaxException refused) {
      var meant =
          Pattern.compile("; (?:write|did you mean) ([0-9a-f:./]*[.:][0-9a-f:./]*)\\??$")
              .matcher(refused.problem());
      return meant.find() ? Optional.of(meant.group(1)) : Optional.empty();
    }
  }

  /** Addresses with a few characters put in, taken out or replaced, and mere rubbish. */
  @Provide
  Arbitrary<String> almostAddresses() {
    Arbitrary<String> texts =
        Arbitraries.oneOf(
            Addresses.addresses().map(IpAddress::toString),
            Addresses.addresses().map(IpAddress::toExpandedString),
            Arbitraries.integers()
                .between(0, 0xffff)
                .map(Integer::toHexString)
                .list()
                .ofMinSize(1)
                .ofMaxSize(9)
                .map(groups -> String.join(":", groups)));
    Arbitrary<String> pieces =
        Arbitraries.of("", "", "0", "1", "f", ".", ":", "::", ":0:", "255", "256", "g", "%1", "/8");
    return Arbitraries.oneOf(
            Combinators.combine(
                    texts,
                    pieces,
                    Arbitraries.integers().between(0, 40),
                    Arbitraries.integers().between(0, 2))
                .as(TextProperties::mutated),
            Arbitraries.strings().withChars("01.:f").ofMaxLength(16))
        .withoutEdgeCases();
  }

  private static String mutated(String text, String piece, int at, int drop) {
    int from = Math.min(at, text.length());
    int to = Math.min(from + drop, text.length());
    return text.substring(0, from) + piece + text.substring(to);
  }

  @Provide
  Arbitrary<String> almostLengths() {
    return Arbitraries.oneOf(
        Arbitraries.integers().between(0, 140).map(String::valueOf),
        Arbitraries.of("08", "", "x", "255.255.255.0", "255.0.255.0", "ffff::", "0.0.0.0", "8/8"));
  }

  @Provide
  Arbitrary<String> almostAnything() {
    return Arbitraries.oneOf(
            almostAddresses(),
            Combinators.combine(almostAddresses(), almostLengths()).as((a, b) -> a + "/" + b),
            Combinators.combine(almostAddresses(), almostAddresses()).as((a, b) -> a + "-" + b),
            Combinators.combine(almostAddresses(), almostLengths())
                .as((a, b) -> "[" + a + "]:" + b),
            Arbitraries.strings().withChars("0123456789abcdefx.:-/%[]* \n").ofMaxLength(30),
            Arbitraries.strings())
        .withoutEdgeCases();
  }
}
