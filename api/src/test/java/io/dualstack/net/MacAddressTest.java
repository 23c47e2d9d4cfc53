package io.dualstack.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MacAddressTest {
  @ParameterizedTest
  @ValueSource(strings = {"0a:1b:2c:3d:4e:5f", "0A-1B-2C-3D-4E-5F", "0A:1b:2C:3d:4E:5f"})
  void is_written_in_lower_case_with_colons(String text) {
    assertThat(MacAddress.parse(text)).hasToString("0a:1b:2c:3d:4e:5f");
    assertThat(MacAddress.tryParse(text)).hasValue(MacAddress.of(0x0a1b_2c3d_4e5fL));
  }

  @Test
  void makes_the_interface_identifier_of_rfc_4291_appendix_a() {
    MacAddress mac = MacAddress.parse("34-56-78-9A-BC-DE");

    assertThat(mac.toEui64LinkLocal()).hasToString("fe80::3656:78ff:fe9a:bcde");
    assertThat(mac.toEui64(IpPrefix.parse("2001:db8:0:1::/64")))
        .hasToString("2001:db8:0:1:3656:78ff:fe9a:bcde");
    assertThat(MacAddress.BROADCAST.toEui64LinkLocal()).hasToString("fe80::fdff:ffff:feff:ffff");
  }

  @Test
  void an_interface_identifier_needs_a_64() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MacAddress.of(1).toEui64(IpPrefix.parse("2001:db8::/80")))
        .withMessage("2001:db8::/80: an EUI-64 identifier needs a /64; use one");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MacAddress.of(1).toEui64(IpPrefix.parse("10.0.0.0/24")));
  }

  @Test
  void knows_the_two_bits_of_its_first_byte() {
    assertThat(MacAddress.parse("01:00:5e:00:00:01").isMulticast()).isTrue();
    assertThat(MacAddress.parse("01:00:5e:00:00:01").isLocal()).isFalse();
    assertThat(MacAddress.parse("02:00:00:00:00:01").isMulticast()).isFalse();
    assertThat(MacAddress.parse("02:00:00:00:00:01").isLocal()).isTrue();
    assertThat(MacAddress.parse("fc:ff:ff:ff:ff:ff").isMulticast()).isFalse();
    assertThat(MacAddress.parse("fc:ff:ff:ff:ff:ff").isLocal()).isFalse();
  }

  @Test
  void has_six_bytes() {
    assertThat(MacAddress.of(0x0102_0304_05ffL).toBytes()).containsExactly(1, 2, 3, 4, 5, 0xff);
    assertThatIllegalArgumentException().isThrownBy(() -> MacAddress.of(1L << 48));
    assertThatIllegalArgumentException().isThrownBy(() -> MacAddress.of(-1));
  }
}
