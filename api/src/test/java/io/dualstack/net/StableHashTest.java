package io.dualstack.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Hash codes are written down here because they may be written down elsewhere: the hash of an enum
 * differs from run to run, and none of ours may depend on it.
 */
class StableHashTest {
  static Stream<Arguments> values() {
    return Stream.of(
        Arguments.of(IpAddress.parse("192.0.2.1"), 1073757759),
        Arguments.of(IpAddress.parse("2001:db8::1"), 603226199),
        Arguments.of(IpPrefix.parse("192.0.2.0/24"), -1073248776),
        Arguments.of(IpPrefix.parse("2001:db8::/64"), 1520142088),
        Arguments.of(IpRange.parse("192.0.2.1-192.0.2.9"), 510168),
        Arguments.of(IpSet.of(IpRange.parse("2001:db8::/64")), 2123368223),
        Arguments.of(InterfaceAddress.parse("192.0.2.1/24"), -1073247815),
        Arguments.of(IpEndpoint.parse("[2001:db8::1]:80"), 1520143065),
        Arguments.of(PortRange.parse("80-90"), 5242970),
        Arguments.of(Protocol.TCP, 6),
        Arguments.of(MacAddress.parse("02:00:00:00:00:01"), 513));
  }

  @ParameterizedTest
  @MethodSource("values")
  void a_hash_is_the_same_in_every_run(Object value, int hash) {
    assertThat(value.hashCode()).as("%s", value).isEqualTo(hash);
  }
}
