package io.dualstack.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InterfaceAddressTest {
  @Test
  void keeps_its_host_bits_and_knows_its_network() {
    InterfaceAddress address = InterfaceAddress.parse("10.0.0.5/24");

    assertThat(address).isEqualTo(InterfaceAddress.of(IpAddress.parse("10.0.0.5"), 24));
    assertThat(address.network()).isEqualTo(IpPrefix.parse("10.0.0.0/24"));
    assertThat(address).hasToString("10.0.0.5/24");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> InterfaceAddress.of(IpAddress.parse("10.0.0.5"), 33));
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.5/24,      true,  false",
    "10.0.0.0/24,      false, false",
    "10.0.0.255/24,    false, true",
    "10.0.0.0/31,      true,  false",
    "10.0.0.1/31,      true,  false",
    "10.0.0.3/30,      false, true",
    "10.0.0.1/32,      true,  false",
    "2001:db8::/64,    false, false",
    "2001:db8::ffff:ffff:ffff:ffff/64, true, false",
    "2001:db8::/127,   true,  false",
    "2001:db8::/128,   true,  false",
  })
  void knows_which_addresses_hosts_may_have(
      InterfaceAddress address, boolean isHost, boolean isBroadcast) {
    assertThat(address.isHost()).isEqualTo(isHost);
    assertThat(address.isBroadcast()).isEqualTo(isBroadcast);
  }

  @Test
  void sorts_by_address_then_length() {
    assertThat(
            Stream.of("::1/64", "10.0.0.5/32", "10.0.0.5/24", "10.0.0.4/32")
                .map(InterfaceAddress::parse)
                .sorted()
                .map(InterfaceAddress::toString))
        .containsExactly("10.0.0.4/32", "10.0.0.5/24", "10.0.0.5/32", "::1/64");
  }
}
