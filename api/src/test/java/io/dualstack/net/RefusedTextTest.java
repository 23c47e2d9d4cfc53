package io.dualstack.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What users get wrong, and what they are told. */
class RefusedTextTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      textBlock =
          """
          |is empty; write an address such as 192.0.2.1 or 2001:db8::1
           |is blank; write an address such as 192.0.2.1 or 2001:db8::1
           10.0.0.1|has blanks around it; write 10.0.0.1
          10.0.0.1 |has blanks around it; write 10.0.0.1
           nonsense |has blanks around it; remove them
          1.2|has 2 numbers instead of four, which old software expands (inet_aton); write 1.0.0.2
          1.2.3|has 3 numbers instead of four, which old software expands (inet_aton); write 1.2.0.3
          2130706433|has one number instead of four, which old software expands (inet_aton); write 127.0.0.1
          017700000001|has one number instead of four, which old software expands (inet_aton); write 127.0.0.1
          4294967296|has one number instead of four, which old software expands (inet_aton); write four decimal numbers with dots
          0x7f.1|has hexadecimal numbers, which old software takes for an address (inet_aton); write 127.0.0.1
          0x7f.0.0.1|has hexadecimal numbers, which old software takes for an address (inet_aton); write 127.0.0.1
          0x7F000001|has hexadecimal numbers, which old software takes for an address (inet_aton); write 127.0.0.1
          0x7f.09.1|has hexadecimal numbers, which old software takes for an address (inet_aton); write four decimal numbers with dots
          010.0.0.1|octet 010 has a leading zero, which some software reads as octal; write 10.0.0.1
          10.0.0.08|octet 08 has a leading zero, which some software reads as octal; write 10.0.0.8
          10.0.0.00|octet 00 has a leading zero, which some software reads as octal; write 10.0.0.0
          256.0.0.1|octet 256 is over 255; write numbers from 0 to 255
          0256.0.0.1|octet 0256 is over 255; write numbers from 0 to 255
          1.2.3.4.5|has 5 numbers instead of four; write four decimal numbers with dots
          1.2..4|has an empty octet; write four decimal numbers with dots
          1.2.3.|has an empty octet; write four decimal numbers with dots
          10.0.0.0/8|has a prefix length where one address is expected; write 10.0.0.0
          10.0.0.1:80|has a port where an address alone is expected; write 10.0.0.1
          [2001:db8::1]:80|has brackets and a port where an address alone is expected; write 2001:db8::1
          [2001:db8::1]|has brackets, which belong to URLs; write 2001:db8::1
          [2001:db8::1|has brackets, which belong to URLs; leave them out
          fe80::1%eth0|has the zone "%eth0", which means something on one host only; write fe80::1
          fe80::1%|has the zone "%", which means something on one host only; write fe80::1
          10.0.0.1%1|has the zone "%1", which means something on one host only; write 10.0.0.1
          10.0.0.*|has a wildcard where one address is expected; write an address such as 192.0.2.1 or 2001:db8::1
          10.0.0.1-10.0.0.9|is a range where one address is expected; write an address such as 192.0.2.1 or 2001:db8::1
          localhost|is not an IP address, and names are not looked up; write an address such as 192.0.2.1 or 2001:db8::1
          my-host.example|is not an IP address, and names are not looked up; write an address such as 192.0.2.1 or 2001:db8::1
          １.2.3.4|has the character U+FF11, which is in no address; write ASCII digits, letters a to f, dots and colons
          4)+k&C#VzJ4br>0wv}Yp|is not an IP address, and names are not looked up; write an address such as 192.0.2.1 or 2001:db8::1
          02:00:00:00:00:01|is a hardware address (MAC); write an address such as 2001:db8::1
          2001:db8::g|"g" is not a hexadecimal digit; write groups of the digits 0 to 9 and a to f
          2001::db8::1|has "::" twice or three colons in a row; write "::" once
          :::|has "::" twice or three colons in a row; write "::" once
          :1::2|has a single colon at its start or end; write "::" for groups of zeros, or no colon
          1::2:|has a single colon at its start or end; write "::" for groups of zeros, or no colon
          2001:db8:1|has 3 groups instead of eight; write "::" for groups of zeros
          1:2:3:4:5:6:7:8:80|has 9 groups instead of eight; write [address]:port if the last one is a port, or leave one out
          1:2:3:4::5:6:7:8|"::" stands for no group, since there are 8 already; leave one out
          02001:db8::|group "02001" has more than four digits; write an address such as 2001:db8::1
          1.2.3.4::|has a dotted part that is not at its end; write an address such as 2001:db8::1
          ::ffff:010.0.0.1|in its IPv4 part, octet 010 has a leading zero, which some software reads as octal; write ::ffff:10.0.0.1
          ::ffff:1.2|in its IPv4 part, has 2 numbers instead of four, which old software expands (inet_aton); write ::ffff:1.0.0.2
          ::ffff:1.2.3.256|in its IPv4 part, octet 256 is over 255; write an address such as 2001:db8::1
          """)
  void an_address(String text, String reason) {
    refuses(IpAddress::parse, text, reason);

    assertThat(IpAddress.tryParse(orEmpty(text))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      textBlock =
          """
          |is empty; write a prefix such as 192.0.2.0/24 or 2001:db8::/64
          2001:db8::/64 |has blanks around it; write 2001:db8::/64
          10.0.0.0 / 8|has blanks in it; write it without
          10.0.0.0|has no length; write 10.0.0.0/32 for the one address, or the length of its network
          2001:db8::|has no length; write 2001:db8::/128 for the one address, or the length of its network
          10.0.0.0/|has no length behind the slash; write 10.0.0.0/32 for the one address
          10.0.0.0/eight|"eight" is not a prefix length; write a number from 0 to 32
          10.0.0.0/-1|"-1" is not a prefix length; write a number from 0 to 32
          10.0.0.0/+8|"+8" is not a prefix length; write a number from 0 to 32
          10.0.0.0/8/8|has two slashes; write a prefix such as 192.0.2.0/24 or 2001:db8::/64
          10.0.0.0/08|the prefix length 08 has a leading zero; write 8
          10.0.0.0/00|the prefix length 00 has a leading zero; write 0
          10.0.0.0/33|the prefix length 33 is over 32; write a number from 0 to 32
          2001:db8::/129|the prefix length 129 is over 128; write a number from 0 to 128
          ::/99999999999999999999|the prefix length 99999999999999999999 is over 128; write a number from 0 to 128
          10.0.0.0/255.255.255.0|has a netmask where a length is expected; did you mean 10.0.0.0/24?
          10.0.0.9/255.255.255.0|has a netmask where a length is expected; did you mean 10.0.0.0/24?
          10.0.0.0/0.0.0.0|has a netmask where a length is expected; did you mean 0.0.0.0/0?
          2001:db8::/ffff:ffff::|has a netmask where a length is expected; did you mean 2001:db8::/32?
          10.0.0.0/255.0.255.0|has the netmask 255.0.255.0, which is no length of an IPv4 prefix; write the length in decimal
          2001:db8::/255.255.0.0|has the netmask 255.255.0.0, which is no length of an IPv6 prefix; write the length in decimal
          2001:db8::1/64|host bits are set; did you mean 2001:db8::/64 (the network) or 2001:db8::1/128 (the address)?
          10.1.2.3/8|host bits are set; did you mean 10.0.0.0/8 (the network) or 10.1.2.3/32 (the address)?
          10.0.0.*|has a wildcard; write 10.0.0.0/24
          10.*.*.*|has a wildcard; write 10.0.0.0/8
          10.*|has a wildcard; write 10.0.0.0/8
          *|has a wildcard; write 0.0.0.0/0 or ::/0
          10/8|leaves octets out; write 10.0.0.0/8
          192.168.1/24|leaves octets out; write 192.168.1.0/24
          300/8|leaves octets out; write a prefix such as 192.0.2.0/24 or 2001:db8::/64
          010.0.0.0/8|octet 010 has a leading zero, which some software reads as octal; write 10.0.0.0/8
          010.0.0.1/8|octet 010 has a leading zero, which some software reads as octal; write 10.0.0.0/8
          010.0.0.0/33|octet 010 has a leading zero, which some software reads as octal; write a prefix such as 192.0.2.0/24 or 2001:db8::/64
          fe80::%eth0/64|has the zone "%eth0", which means something on one host only; write fe80::/64
          fe80::/64%eth0|has the zone "%eth0", which means something on one host only; write it without
          [2001:db8::]/64|has brackets, which belong to URLs; write 2001:db8::/64
          10.0.0.0-10.0.0.7|is a range where one prefix is expected; write a prefix such as 192.0.2.0/24 or 2001:db8::/64
          /8|is empty; write a prefix such as 192.0.2.0/24 or 2001:db8::/64
          net-a/8|is not an IP address, and names are not looked up; write a prefix such as 192.0.2.0/24 or 2001:db8::/64
          """)
  void a_prefix(String text, String reason) {
    refuses(IpPrefix::parse, text, reason);

    assertThat(IpPrefix.tryParse(orEmpty(text))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          10.0.0.5|has no length; write 10.0.0.5/32 for the one address, or the length of its network
          10.0.0.5/33|the prefix length 33 is over 32; write a number from 0 to 32
          10.0.0.5/255.255.255.0|has a netmask where a length is expected; did you mean 10.0.0.5/24?
          10.0.0.05/24|octet 05 has a leading zero, which some software reads as octal; write 10.0.0.5/24
          10.5/24|has 2 numbers instead of four, which old software expands (inet_aton); write 10.0.0.5/24
          """)
  void an_address_with_the_length_of_its_network(String text, String reason) {
    refuses(InterfaceAddress::parse, text, reason);

    assertThat(InterfaceAddress.tryParse(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      textBlock =
          """
          |is empty; write an address, a range such as 192.0.2.1-192.0.2.9, or a prefix
          10.0.0.1 |has blanks around it; write 10.0.0.1
          10.0.0.9-10.0.0.1|runs backwards; write 10.0.0.1-10.0.0.9
          10.0.0.1-2001:db8::1|starts as IPv4 and ends as IPv6; use two addresses of one family
          10.0.0.1-|the last address "" is empty; write an address such as 192.0.2.1 or 2001:db8::1
          -10.0.0.1|the first address "" is empty; write an address such as 192.0.2.1 or 2001:db8::1
          10.0.0.1-9|the last address "9" has one number instead of four, which old software expands (inet_aton); write 0.0.0.9
          10.0.0.1-10.0.0.2-10.0.0.3|has more than one hyphen; write first-last
          10.0.0.0/24-10.0.0.9|the first address "10.0.0.0/24" has a prefix length where one address is expected; write 10.0.0.0
          10.0.0.*|has a wildcard; write 10.0.0.0/24
          10.0.0.1/24|host bits are set; did you mean 10.0.0.0/24 (the network) or 10.0.0.1/32 (the address)?
          """)
  void a_range(String text, String reason) {
    refuses(IpRange::parse, text, reason);

    assertThat(IpRange.tryParse(orEmpty(text))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      textBlock =
          """
          |is empty; write an address and a port such as 192.0.2.1:80 or [2001:db8::1]:80
          10.0.0.1:80 |has blanks around it; write 10.0.0.1:80
          10.0.0.1|has no port; write it behind the address, such as 10.0.0.1:80
          10.0.0.1:|the port is missing; write a number from 0 to 65535
          10.0.0.1:http|"http" is not a port; write a number from 0 to 65535
          10.0.0.1:080|the port 080 has a leading zero; write 80
          10.0.0.1:65536|the port 65536 is over 65535; write a number from 0 to 65535
          010.0.0.1:80|octet 010 has a leading zero, which some software reads as octal; write 10.0.0.1:80
          2001:db8::1:80|has IPv6 without brackets, so that its port cannot be told from it; write [2001:db8::1]:80
          ::1|has IPv6 without brackets, so that its port cannot be told from it; write [::1]:80
          2001:db8::1:x|has IPv6 without brackets, so that its port cannot be told from it; write [2001:db8::1]:80
          [2001:db8::1]|has no port behind the bracket; write it, such as [2001:db8::1]:80
          [2001:db8::1:80|has no closing bracket; write an address and a port such as 192.0.2.1:80 or [2001:db8::1]:80
          [10.0.0.1]:80|has brackets around IPv4; write 10.0.0.1:80
          [fe80::1%eth0]:80|the address "fe80::1%eth0" has the zone "%eth0", which means something on one host only; write [fe80::1]:80
          """)
  void an_endpoint(String text, String reason) {
    refuses(IpEndpoint::parse, text, reason);

    assertThat(IpEndpoint.tryParse(orEmpty(text))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      textBlock =
          """
          |the port is missing; write a number from 0 to 65535
          http|"http" is not a port; write a number from 0 to 65535
          -1|"-1" is not a port; write a number from 0 to 65535
          80-|the port is missing; write a number from 0 to 65535
          80 - 90|"80 " is not a port; write a number from 0 to 65535
          90-80|runs backwards; write 80-90
          65536|the port 65536 is over 65535; write a number from 0 to 65535
          0080|the port 0080 has a leading zero; write 80
          """)
  void a_port_range(String text, String reason) {
    refuses(PortRange::parse, text, reason);

    assertThat(PortRange.tryParse(orEmpty(text))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          all|means every protocol, not one; leave the protocol out, or name one
          256|the protocol number 256 is over 255; write a number from 0 to 255
          06|the protocol number 06 has a leading zero; write 6
          tpc|is not a protocol known by name; write its number, or one of icmp, igmp, ipv4, tcp, udp, dccp, ipv6, gre, esp, ah, icmpv6, ospf, vrrp, sctp, udplite
          """)
  void a_protocol(String text, String reason) {
    refuses(Protocol::parse, text, reason);

    assertThat(Protocol.tryParse(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      textBlock =
          """
          |is empty; write a hardware address such as 02:00:00:00:00:01
           aa:bb:cc:dd:ee:ff|has blanks around it; write aa:bb:cc:dd:ee:ff
          aabb.ccdd.eeff|is not in pairs with colons; write aa:bb:cc:dd:ee:ff
          AABBCCDDEEFF|is not in pairs with colons; write aa:bb:cc:dd:ee:ff
          2:0:0:0:0:A|has a part of one digit; write 02:00:00:00:00:0a
          aa:bb-cc:dd:ee:ff|mixes colons and hyphens; write aa:bb:cc:dd:ee:ff
          aa:bb:cc:dd:ee|is not a hardware address; write six pairs of hexadecimal digits such as 02:00:00:00:00:01
          """)
  void a_hardware_address(String text, String reason) {
    refuses(MacAddress::parse, text, reason);

    assertThat(MacAddress.tryParse(orEmpty(text))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"192.168.0.1/24", "2001:db8::1/64"})
  void host_bits_of_a_range_are_dropped_with_a_warning_where_a_director_drops_them(String text) {
    IpRange.Lenient read = IpRange.parseMasking(text);

    IpPrefix network = InterfaceAddress.parse(text).network();
    assertThat(read.range()).isEqualTo(network.toRange());
    assertThat(read.warning())
        .hasValue("\"" + text + "\": host bits are set and were dropped; write " + network);
  }

  @Test
  void a_range_without_host_bits_needs_no_warning() {
    assertThat(IpRange.parseMasking("10.0.0.0/24"))
        .isEqualTo(new IpRange.Lenient(IpRange.parse("10.0.0.0/24"), Optional.empty()));
    assertThat(IpRange.parseMasking("10.0.0.1 - 10.0.0.9").warning()).isEmpty();
  }

  @Test
  void dropping_host_bits_forgives_nothing_else() {
    refuses(
        IpRange::parseMasking,
        "10.0.0.1/33",
        "the prefix length 33 is over 32; write a number from 0 to 32");
  }

  @Test
  void the_exception_gives_the_value_and_the_problem_apart() {
    AddressSyntaxException refused =
        catchThrowableOfType(AddressSyntaxException.class, () -> IpPrefix.parse("10.0.0.0/33"));

    assertThat(refused.value()).isEqualTo("10.0.0.0/33");
    assertThat(refused.problem())
        .isEqualTo("the prefix length 33 is over 32; write a number from 0 to 32");
  }

  @Test
  void a_message_stays_on_one_line_and_short_whatever_the_text() {
    String text = "10.0.0.1\n" + "\u0007x".repeat(10_000);

    assertThatThrownBy(() -> IpAddress.parse(text))
        .hasMessageStartingWith("\"10.0.0.1\\u000a\\u0007x")
        .satisfies(refused -> assertThat(refused.getMessage()).hasSizeLessThan(600))
        .satisfies(refused -> assertThat(refused.getMessage()).doesNotContain("\n", "\u0007"));
  }

  private static void refuses(Function<String, ?> parser, String text, String reason) {
    String value = orEmpty(text);

    assertThatThrownBy(() -> parser.apply(value))
        .isInstanceOf(AddressSyntaxException.class)
        .hasMessage("\"" + value + "\": " + reason);
  }

  /** The table has nothing where the empty text is meant. */
  private static String orEmpty(String text) {
    return text == null ? "" : text;
  }
}
