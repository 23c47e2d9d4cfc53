package io.dualstack.impl.store.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class PostgresLocationTest {

  @Test
  void is_shown_without_what_may_be_secret() {
    assertShown(
        "jdbc:postgresql://db.example:5432/ips?user=cf&password=s3cret&sslmode=verify-full",
        "jdbc:postgresql://db.example:5432/ips");
    assertShown(
        "jdbc:postgresql://db/ips?password=s3cret&currentSchema=bosh",
        "jdbc:postgresql://db/ips?currentSchema=bosh");
  }

  @Test
  void hosts_may_be_addresses_and_several() {
    for (String location :
        List.of(
            "jdbc:postgresql://[::1]:5432/ips",
            "jdbc:postgresql://[2001:db8::5]/ips",
            "jdbc:postgresql://192.0.2.1/ips",
            "jdbc:postgresql://[2001:db8::5]:5432,db-2.example/ips",
            "jdbc:postgresql:ips")) {
      assertShown(location, location);
    }
  }

  private static void assertShown(String location, String shown) {
    assertThat(PostgresLocation.of(location)).hasToString(shown);
  }

  @Test
  void the_schema_is_ours_unless_one_is_named() {
    assertThat(PostgresLocation.of("jdbc:postgresql:ips").schema()).isEqualTo("dualstack");
    assertThat(PostgresLocation.of("jdbc:postgresql:ips?currentSchema=bosh_1").schema())
        .isEqualTo("bosh_1");
  }

  @Test
  void what_is_no_location_is_refused_without_telling_secrets() {
    for (String location :
        List.of(
            "jdbc:postgresql:",
            "jdbc:postgresql://db.example?password=s3cret",
            "jdbc:postgresql://db.example/?password=s3cret",
            "jdbc:postgresql://cf:s3cret@db.example/ips",
            "jdbc:postgresql://db.example:port/ips?password=s3cret",
            "jdbc:postgresql://db.example:99999/ips?password=s3cret",
            "jdbc:postgresql://2001:db8::5/ips?password=s3cret",
            "jdbc:postgresql://db.example/ips?password=s3cret&currentSchema=a,b",
            "jdbc:postgresql://db.example/ips?password=s3cret&currentSchema=A",
            "jdbc:postgresql://db.example/ips?password=s3cret&currentSchema=")) {
      assertThatThrownBy(() -> PostgresLocation.of(location))
          .as(location)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("jdbc:postgresql:")
          .satisfies(failure -> assertThat(failure.toString()).doesNotContain("s3cret"));
    }
  }
}
