package io.dualstack.spi.gcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.services.compute.model.Address;
import io.dualstack.ProviderException;
import io.dualstack.ProviderException.Reason;
import io.dualstack.net.IpPrefix;
import io.dualstack.testkit.cloud.FakeAnswer;
import io.dualstack.testkit.cloud.FakeRequest;
import io.dualstack.testkit.cloud.Fault;
import io.dualstack.testkit.cloud.gcp.FakeCompute;
import io.dualstack.testkit.cloud.gcp.FakeSubnetwork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How long and how often it waits, on a clock that moves by its waiting alone. */
class ComputeConnectionTest {
  private final FakeCompute compute = new FakeCompute("cf-project", "europe-west1");
  private final List<Duration> waits = new ArrayList<>();
  private long now;
  private final ComputeConnection connection =
      new ComputeConnection(
          GcpSettings.of(
              Map.of(
                  "project", "cf-project",
                  "region", "europe-west1",
                  "endpoint", compute.endpoint().toString(),
                  "credentials", "none"),
              Map.of()),
          new Patience(
              4,
              Duration.ofSeconds(10),
              Duration.ofSeconds(1),
              time -> {
                waits.add(time);
                now += time.toNanos();
              },
              () -> now,
              RandomGenerator.of("L64X128MixRandom")),
          Map.of());

  @AfterEach
  void close() {
    compute.close();
  }

  private Optional<Address> read(String name) {
    return connection.find(
        "reading address " + name,
        () -> connection.compute().addresses().get("cf-project", "europe-west1", name));
  }

  @Test
  void waits_double_from_try_to_try_and_are_random_in_their_upper_half() {
    compute.faults().next("addresses.get", Fault.THROTTLED, Fault.FAILED, Fault.THROTTLED);

    assertThat(read("none")).isEmpty();

    assertThat(waits).hasSize(3);
    for (int i = 0; i < 3; i++) {
      long limit = Duration.ofSeconds(1L << i).toNanos();
      assertThat(waits.get(i).toNanos()).isBetween(limit / 2, limit);
    }
  }

  @Test
  void a_service_that_asks_for_patience_is_given_it() {
    compute
        .faults()
        .next(
            "addresses.get",
            new Fault.Answered(FakeAnswer.json(429, "{}").with("Retry-After", "7")),
            new Fault.Answered(FakeAnswer.json(503, "{}").with("Retry-After", "86400")));

    assertThat(read("none")).isEmpty();

    assertThat(waits.get(0)).isBetween(Duration.ofMillis(7500), Duration.ofSeconds(8));
    assertThat(waits.get(1)).isBetween(Duration.ofSeconds(121), Duration.ofSeconds(122));
  }

  @Test
  void gives_up_after_as_many_tries_as_are_set() {
    compute.faults().allAfter(0, Fault.FAILED);

    assertThatThrownBy(() -> read("none"))
        .isInstanceOfSatisfying(
            ProviderException.class,
            failure -> {
              assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
              assertThat(failure.retryable()).isTrue();
            });
    assertThat(compute.requests()).hasSize(4);
  }

  @Test
  void what_is_refused_is_not_tried_again() {
    assertThatThrownBy(
            () ->
                connection.get(
                    "reading", () -> connection.compute().regions().get("cf-project", "us-east1")))
        .isInstanceOf(ProviderException.class);

    assertThat(waits).isEmpty();
  }

  @Test
  void all_tries_of_a_change_carry_one_identifier_and_another_change_another() {
    compute.add(FakeSubnetwork.of("cf", "cells", IpPrefix.parse("10.0.0.0/24")));
    compute.faults().next("addresses.insert", Fault.CUT_AFTER, Fault.FAILED);

    assertThat(insert("one")).isEmpty();
    assertThat(insert("two")).isEmpty();

    List<String> identifiers =
        compute.requests().stream()
            .filter(request -> request.path().endsWith("/addresses"))
            .map(request -> request.query().get("requestId").get(0))
            .toList();
    assertThat(identifiers.size()).isGreaterThanOrEqualTo(4);
    assertThat(Set.copyOf(identifiers)).hasSize(2);
    assertThat(compute.addresses()).hasSize(2);
  }

  private String insert(String name) {
    Address address =
        new Address()
            .setName(name)
            .setAddressType("INTERNAL")
            .setSubnetwork("projects/cf-project/regions/europe-west1/subnetworks/cells");
    return connection.change(
        "reserving " + name,
        Set.of(),
        () -> connection.compute().addresses().insert("cf-project", "europe-west1", address));
  }

  @Test
  void an_operation_that_is_never_done_is_given_up_when_the_time_is_over() {
    compute.add(FakeSubnetwork.of("cf", "cells", IpPrefix.parse("10.0.0.0/24")));
    compute.pending(1_000_000);

    assertThatThrownBy(() -> insert("one"))
        .isInstanceOfSatisfying(
            ProviderException.class,
            failure -> assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE))
        .hasMessageContaining("timeout_seconds");
    assertThat(Duration.ofNanos(now)).isGreaterThanOrEqualTo(Duration.ofSeconds(10));
    assertThat(compute.requests())
        .extracting(FakeRequest::path)
        .filteredOn(path -> path.endsWith("/wait"))
        .isNotEmpty();
  }
}
