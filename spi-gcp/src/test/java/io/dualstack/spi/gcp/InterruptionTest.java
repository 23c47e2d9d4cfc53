package io.dualstack.spi.gcp;

import static io.dualstack.spi.gcp.FakeProject.ZONE;
import static io.dualstack.spi.gcp.FakeProject.block;
import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.DualstackException;
import io.dualstack.net.IpAddress;
import io.dualstack.provider.AttachedNic;
import io.dualstack.provider.NicRequest;
import io.dualstack.testkit.cloud.Fault;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A run that is cut off after any call, with or without the last call done, is finished later. */
class InterruptionTest {
  private final FakeProject project = new FakeProject();

  static Stream<Fault> cuts() {
    return Stream.of(Fault.CUT_BEFORE, Fault.CUT_AFTER);
  }

  @BeforeEach
  void try_once() {
    project.context.configure("attempts", "1");
  }

  @AfterEach
  void close() {
    project.compute.faults().clear();
    project.close();
  }

  private NicRequest request(String alias, String six) {
    return project.nic(
        "cf/cell/0", block("v4", "10.0.0.9"), block("pods", alias), block("v6", six));
  }

  private NicRequest one() {
    return request("10.9.0.32/28", "2001:db8:1:2:7::/96");
  }

  private NicRequest other() {
    return request("10.9.0.64/28", "2001:db8:1:2:8::/96");
  }

  private void createInstance() {
    project.compute.createInstance(ZONE, "vm-0", "cells", IpAddress.parse("10.0.0.9"));
  }

  /** Cuts a run off at each of its calls, and checks what the next one makes of it. */
  private void atEachCall(Fault cut, Runnable begin, Runnable run, Runnable finish) {
    boolean isCut = true;
    for (int calls = 0; isCut; calls++) {
      begin.run();
      project.reopen();
      project.compute.forgetRequests();
      project.compute.faults().allAfter(calls, cut);
      try {
        run.run();
      } catch (DualstackException cutOff) {
        assertThat(cutOff).hasMessageNotContaining("null");
      }
      isCut = project.compute.requests().size() > calls;
      project.compute.faults().clear();
      project.reopen();
      finish.run();
      assertThat(project.addresses()).as("after %d calls", calls).isEmpty();
      assertThat(isCut || calls > 4).as("calls of the whole run").isTrue();
    }
  }

  private void ask(NicRequest request) {
    project.session().attach(List.of(request));
  }

  /** Checks that a NIC is as it is asked for, also on its instance if there is one. */
  private AttachedNic assertWhole(NicRequest request) {
    AttachedNic nic = project.attach(request).nic();
    assertThat(project.addresses()).hasSize(3);
    assertThat(project.attached()).containsExactly(nic);
    assertThat(project.attach(request).changed()).isFalse();
    return nic;
  }

  private void assertOnInstance(String alias, String first) {
    assertThat(project.nic0("vm-0").getIpv6Address()).isEqualTo(first);
    assertThat(project.nic0("vm-0").getAliasIpRanges())
        .singleElement()
        .satisfies(range -> assertThat(range.getIpCidrRange()).isEqualTo(alias));
  }

  @ParameterizedTest
  @MethodSource("cuts")
  void attaching_is_finished_by_the_next_run(Fault cut) {
    atEachCall(
        cut,
        () -> {},
        () -> ask(one()),
        () -> project.session().detach(List.of(assertWhole(one()))));
  }

  @ParameterizedTest
  @MethodSource("cuts")
  void bringing_an_instance_up_to_date_is_finished_by_the_next_run(Fault cut) {
    atEachCall(
        cut,
        () -> {
          project.attach(one());
          createInstance();
        },
        () -> ask(one()),
        () -> {
          AttachedNic nic = assertWhole(one());
          assertOnInstance("10.9.0.32/28", "2001:db8:1:2:7::");
          project.compute.deleteInstance(ZONE, "vm-0");
          project.session().detach(List.of(nic));
        });
  }

  @ParameterizedTest
  @MethodSource("cuts")
  void changing_is_finished_by_the_next_run(Fault cut) {
    atEachCall(
        cut,
        () -> project.attach(one()),
        () -> ask(other()),
        () -> project.session().detach(List.of(assertWhole(other()))));
  }

  @ParameterizedTest
  @MethodSource("cuts")
  void changing_an_instance_is_finished_by_the_next_run(Fault cut) {
    atEachCall(
        cut,
        () -> {
          project.attach(one());
          createInstance();
          project.attach(one());
        },
        () -> ask(other()),
        () -> {
          AttachedNic nic = assertWhole(other());
          assertOnInstance("10.9.0.64/28", "2001:db8:1:2:8::");
          project.compute.deleteInstance(ZONE, "vm-0");
          project.session().detach(List.of(nic));
        });
  }

  @ParameterizedTest
  @MethodSource("cuts")
  void detaching_is_finished_by_the_next_run(Fault cut) {
    AtomicReference<AttachedNic> nic = new AtomicReference<>();
    atEachCall(
        cut,
        () -> nic.set(project.attach(one()).nic()),
        () -> project.session().detach(List.of(nic.get())),
        () -> project.session().detach(List.of(nic.get())));
  }

  private void assertForeignAgain() {
    assertThat(project.nic0("vm-0").getNetworkIP()).isEqualTo("10.0.0.9");
    assertThat(project.nic0("vm-0").getStackType()).isEqualTo("IPV4_ONLY");
    assertThat(project.nic0("vm-0").getAliasIpRanges())
        .singleElement()
        .satisfies(range -> assertThat(range.getIpCidrRange()).isEqualTo("10.9.1.0/28"));
    project.compute.deleteInstance(ZONE, "vm-0");
  }

  private void createForeignInstance() {
    project.context.configure("adopt", "true");
    createInstance();
    project.compute.updateInstance(
        ZONE,
        "vm-0",
        "{\"aliasIpRanges\":[{\"ipCidrRange\":\"10.9.1.0/28\",\"subnetworkRangeName\":\"pods\"}]}");
  }

  @ParameterizedTest
  @MethodSource("cuts")
  void taking_over_is_finished_by_the_next_run(Fault cut) {
    atEachCall(
        cut,
        this::createForeignInstance,
        () -> ask(one()),
        () -> {
          AttachedNic nic = assertWhole(one());
          assertThat(project.nic0("vm-0").getAliasIpRanges()).hasSize(2);
          assertThat(project.nic0("vm-0").getStackType()).isEqualTo("IPV4_IPV6");
          project.session().detach(List.of(nic));
          assertForeignAgain();
        });
  }

  @ParameterizedTest
  @MethodSource("cuts")
  void giving_back_is_finished_by_the_next_run(Fault cut) {
    AtomicReference<AttachedNic> nic = new AtomicReference<>();
    atEachCall(
        cut,
        () -> {
          createForeignInstance();
          nic.set(project.attach(one()).nic());
        },
        () -> project.session().detach(List.of(nic.get())),
        () -> {
          project.session().detach(List.of(nic.get()));
          assertForeignAgain();
        });
  }
}
