package io.dualstack.impl.store.mariadb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class MariaLocationTest {

  @Test
  void is_shown_without_what_may_be_secret() {
    assertThat(
            MariaLocation.of(
                "jdbc:mariadb://db.example:3306/ips?user=cf&password=s3cret&sslMode=trust"))
        .hasToString("jdbc:mariadb://db.example:3306/ips");
  }

  @Test
  void hosts_may_be_addresses_and_several() {
    for (String location :
        List.of(
            "jdbc:mariadb://[::1]:3306/ips",
            "jdbc:mariadb://[2001:db8::5]/ips",
            "jdbc:mariadb://192.0.2.1/ips",
            "jdbc:mariadb://[2001:db8::5]:3306,db-2.example/ips")) {
      assertThat(MariaLocation.of(location)).hasToString(location);
      assertThat(MariaLocation.of(location).database()).isEqualTo("ips");
    }
  }

  @Test
  void what_the_url_says_goes_before_what_holds_otherwise() {
    assertThat(MariaLocation.of("jdbc:mariadb://db/ips?user=x&socketTimeout=5").defaults())
        .containsOnlyKeys("connectTimeout");
  }

  @Test
  void what_is_no_location_is_refused_without_telling_secrets() {
    for (String location :
        List.of(
            "jdbc:mariadb:",
            "jdbc:mariadb://db.example?password=s3cret",
            "jdbc:mariadb://db.example/?password=s3cret",
            "jdbc:mariadb://cf:s3cret@db.example/ips",
            "jdbc:mariadb://db.example:port/ips?password=s3cret",
            "jdbc:mariadb://2001:db8::5/ips?password=s3cret",
            "jdbc:mariadb://db.example/a`b?password=s3cret")) {
      assertThatThrownBy(() -> MariaLocation.of(location))
          .as(location)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("jdbc:mariadb:")
          .satisfies(failure -> assertThat(failure.toString()).doesNotContain("s3cret"));
    }
  }
}
