package io.dualstack.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProtocolTest {
  @ParameterizedTest
  @CsvSource({
    "tcp,       6,   tcp",
    "TCP,       6,   tcp",
    "6,         6,   tcp",
    "udp,       17,  udp",
    "icmp,      1,   icmp",
    "ipv6-icmp, 58,  icmpv6",
    "icmp6,     58,  icmpv6",
    "sctp,      132, sctp",
    "0,         0,   0",
    "255,       255, 255",
  })
  void is_read_by_name_or_number(String text, int number, String written) {
    assertThat(Protocol.parse(text)).isEqualTo(Protocol.of(number)).hasToString(written);
    assertThat(Protocol.parse(written)).isEqualTo(Protocol.of(number));
  }

  @Test
  void control_messages_belong_to_one_family() {
    assertThat(Protocol.ICMP.runsOver(IpFamily.IPV6)).isFalse();
    assertThat(Protocol.ICMPV6.runsOver(IpFamily.IPV4)).isFalse();
    assertThat(Protocol.TCP.runsOver(IpFamily.IPV4)).isTrue();
    assertThat(Protocol.TCP.runsOver(IpFamily.IPV6)).isTrue();
    assertThat(Protocol.TCP.family()).isEmpty();
    for (IpFamily family : IpFamily.values()) {
      assertThat(Protocol.icmpOf(family).family()).hasValue(family);
      assertThat(Protocol.icmpOf(family).isIcmp()).isTrue();
    }
  }

  @Test
  void only_transports_have_ports() {
    assertThat(Protocol.UDP.hasPorts()).isTrue();
    assertThat(Protocol.SCTP.hasPorts()).isTrue();
    assertThat(Protocol.ICMPV6.hasPorts()).isFalse();
    assertThat(Protocol.of(99).hasPorts()).isFalse();
  }

  @Test
  void a_number_has_eight_bits() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Protocol.of(256))
        .withMessage("256: not a protocol number; use 0 to 255");
    assertThatIllegalArgumentException().isThrownBy(() -> Protocol.of(-1));
  }
}
