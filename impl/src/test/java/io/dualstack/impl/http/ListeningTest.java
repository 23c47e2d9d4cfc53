package io.dualstack.impl.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.InvalidConfigurationException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ListeningTest {

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0, 0.0.0.0",
    "::, ::",
    "[::], ::",
    "0:0:0:0:0:0:0:0, ::",
    "::ffff:0.0.0.0, 0.0.0.0",
    "192.0.2.7, 192.0.2.7",
    "[2001:DB8::0:7], 2001:db8::7",
    "::ffff:192.0.2.7, 192.0.2.7",
    "[::ffff:c000:207], 192.0.2.7",
    "fe80::1%eth0, fe80::1%eth0",
    "[fe80::1%eth0], fe80::1%eth0",
    "localhost, localhost",
    "a_b-c.example., a_b-c.example.",
    "7up.example, 7up.example",
  })
  void one_spelling_of_each_host(String configured, String host) {
    assertThat(Listening.host(configured)).isEqualTo(host);
    assertThat(Listening.host(host)).isEqualTo(host);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.1",
        "1",
        "10.0.0.010",
        "10.0.0.256",
        "name.7",
        ":::",
        "[::1",
        "::1]",
        "::1%",
        "eth0%::1",
        "2001:db8::1/64",
        "name:4103",
        "[::1]:4103",
        "http://name",
        "two words",
        "-a",
        "a..b",
        "*",
        " ",
      })
  void what_is_neither_address_nor_name_is_refused(String configured) {
    assertThatIllegalArgumentException().isThrownBy(() -> Listening.host(configured));
    assertThatIllegalArgumentException().isThrownBy(() -> Listening.address(configured, 80));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "[::]", "::ffff:0.0.0.0"})
  void every_wildcard_is_the_one_that_the_jvm_has_for_both_families(String host) {
    assertThat(Listening.address(host, 80)).isEqualTo(new InetSocketAddress(80));
  }

  @Test
  void a_name_without_an_address_is_blamed() {
    assertThatThrownBy(
            () ->
                Listening.at(
                    "/listen_port",
                    InetSocketAddress.createUnresolved("cell.example", 80),
                    address -> {
                      throw new AssertionError("opened");
                    }))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("cell.example:80: can't be listened on: the name has no address");
  }

  @ParameterizedTest
  @CsvSource({"2001:db8::7, [2001:db8::7]:80", "192.0.2.7, 192.0.2.7:80", "fe80::7%1, [fe80"})
  void an_address_is_told_as_urls_have_it(String host, String told) {
    assertThatThrownBy(
            () ->
                Listening.at(
                    "/listen_port",
                    Listening.address(host, 80),
                    address -> {
                      throw new ConnectException("No");
                    }))
        .hasMessageContaining(told);
  }
}
