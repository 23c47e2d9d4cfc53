package io.dualstack.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The examples of RFC 5952, section by section, and the forms around them. */
class Rfc5952Test {
  @ParameterizedTest(name = "section {2}: {0} is written {1}")
  @CsvSource({
    "2001:0db8::0001,                         2001:db8::1,             4.1",
    "2001:db8:aaaa:bbbb:cccc:dddd:0:1,        2001:db8:aaaa:bbbb:cccc:dddd:0:1, 4.1",
    "2001:db8:0:0:0:0:2:1,                    2001:db8::2:1,           4.2.1",
    "2001:db8:0:0:0:0:0:1,                    2001:db8::1,             4.2.1",
    "2001:db8::1:1:1:1:1,                     2001:db8:0:1:1:1:1:1,    4.2.2",
    "2001:0:0:1:0:0:0:1,                      2001:0:0:1::1,           4.2.3",
    "2001:db8:0:0:1:0:0:1,                    2001:db8::1:0:0:1,       4.2.3",
    "2001:DB8::ABCD:EF,                       2001:db8::abcd:ef,       4.3",
    "::ffff:c000:0201,                        ::ffff:192.0.2.1,        5",
    "0:0:0:0:0:ffff:192.0.2.1,                ::ffff:192.0.2.1,        5",
    "64:ff9b::192.0.2.33,                     64:ff9b::c000:221,       5",
    "0:0:0:0:0:0:0:0,                         ::,                      4.2.1",
    "0:0:0:0:0:0:0:1,                         ::1,                     4.2.1",
    "1:0:0:0:0:0:0:0,                         1::,                     4.2.1",
    "0:0:1:0:0:0:0:0,                         0:0:1::,                 4.2.3",
    "0:0:1:1:1:1:1:0,                         ::1:1:1:1:1:0,           4.2.3",
    "0:1:1:1:1:1:1:0,                         0:1:1:1:1:1:1:0,         4.2.2",
    "1:1:1:1:1:1:0:0,                         1:1:1:1:1:1::,           4.2.1",
    "::192.0.2.1,                             ::c000:201,              5",
    "::fffe:192.0.2.1,                        ::fffe:c000:201,         5",
    "::ffff:0:0,                              ::ffff:0.0.0.0,          5",
    "FFFF:FFFF:FFFF:FFFF:FFFF:FFFF:FFFF:FFFF, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 4.3",
  })
  void text_is_canonical(String read, String written, String section) {
    assertThat(IpAddress.parse(read)).as("section %s", section).hasToString(written);
    assertThat(IpAddress.parse(written)).isEqualTo(IpAddress.parse(read));
  }

  @ParameterizedTest
  @CsvSource({
    "ffff:ffff:ffff:ffff::, ffff:ffff:ffff:ffff:0000:0000:0000:0000",
    "2001:db8::1,           2001:0db8:0000:0000:0000:0000:0000:0001",
    "::ffff:10.0.0.1,       0000:0000:0000:0000:0000:ffff:0a00:0001",
    "255.255.240.0,         255.255.240.0",
  })
  void expanded_text_has_every_digit(String address, String expanded) {
    assertThat(IpAddress.parse(address).toExpandedString()).isEqualTo(expanded);
  }

  @ParameterizedTest
  @CsvSource({"2001:db8::1, [2001:db8::1]", "192.0.2.1, 192.0.2.1"})
  void only_ipv6_stands_in_brackets_in_a_uri(String address, String host) {
    assertThat(IpAddress.parse(address).toUriHost()).isEqualTo(host);
  }
}
