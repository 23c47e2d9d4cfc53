package io.dualstack.spi.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.testkit.cloud.FakeRequest;
import io.dualstack.testkit.cloud.Fault;
import io.dualstack.testkit.cloud.aws.FakeEc2;
import io.dualstack.testkit.cloud.aws.FakeNetworkInterface;
import io.dualstack.testkit.cloud.aws.FakeServiceQuotas;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line, with the provider as a plugin and its real dependencies, against the fake. */
class AwsApplyIT {
  private static final Path JAR = Path.of("..", "impl", "target", "dualstack.jar");
  private static final Path EXAMPLE = Path.of("..", "impl", "examples", "aws");
  private static final String SUBNET = "subnet-0a1b2c3d";
  private static final int MACHINES = 5;

  private final FakeEc2 ec2 =
      new FakeEc2()
          .subnet(
              SUBNET,
              "vpc-1",
              "eu-central-1a",
              IpPrefix.parse("10.0.16.0/20"),
              IpPrefix.parse("2001:db8:4e04:d139::/64"))
          .securityGroup("sg-0123abcd", "vpc-1", "cells");

  private final FakeServiceQuotas quotas =
      new FakeServiceQuotas().quota("vpc", "L-DF5E4CA3", MACHINES);

  @TempDir Path directory;

  /** The command line is built before this module; where it isn't, only CI insists. */
  @BeforeAll
  static void the_command_line_is_built() {
    boolean isBuilt = Files.exists(JAR);
    if (Boolean.parseBoolean(System.getenv("CI"))) {
      assertThat(isBuilt).as("%s is there", JAR).isTrue();
    }
    assumeTrue(isBuilt, JAR + " is not built");
  }

  @AfterEach
  void stop() {
    ec2.close();
    quotas.close();
  }

  private record Run(int exitCode, String output) {}

  private Run dualstack(String... arguments) throws Exception {
    return await(start(arguments));
  }

  private Process start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(List.of("-jar", JAR.toString()));
    command.addAll(List.of(arguments));
    command.addAll(List.of("--store", "sqlite:" + directory.resolve("store.db")));
    command.addAll(List.of("--plugins", Path.of("target", "plugins").toString()));
    for (String setting :
        List.of(
            "endpoint=" + ec2.endpoint(),
            "region=eu-central-1",
            "attempts=2",
            "backoff_milliseconds=1",
            "concurrency=1")) {
      command.addAll(List.of("--provider-setting", "aws." + setting));
    }
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
    builder.environment().put("AWS_SECRET_ACCESS_KEY", "secret");
    builder.environment().put("AWS_EC2_METADATA_DISABLED", "true");
    // Here a question would arrive that no setting leads anywhere.
    builder.environment().put("AWS_ENDPOINT_URL_SERVICE_QUOTAS", quotas.endpoint().toString());
    File output = directory.resolve("output.txt").toFile();
    return builder.redirectOutput(output).start();
  }

  private Run await(Process process) throws Exception {
    int exitCode = process.waitFor();
    return new Run(
        exitCode, Files.readString(directory.resolve("output.txt"), StandardCharsets.UTF_8));
  }

  private String[] apply() {
    return new String[] {
      "apply",
      "--provider",
      "aws",
      "--cloud-config",
      EXAMPLE.resolve("cloud-config.yml").toString(),
      "--manifest",
      EXAMPLE.resolve("manifest.yml").toString(),
      "--json"
    };
  }

  private static void assertDone(Run run) {
    assertThat(run.exitCode()).as(run.output()).isZero();
  }

  private void assertAllThere() {
    assertThat(ec2.networkInterfaces()).hasSize(MACHINES);
    for (FakeNetworkInterface eni : ec2.networkInterfaces()) {
      boolean isCell = eni.tags().get("dualstack:owner").startsWith("cf/diego_cell/");
      assertThat(eni.blocks()).hasSize(isCell ? 3 : 2);
      assertThat(eni.blocks().get(0).family()).isEqualTo(IpFamily.IPV4);
      assertThat(eni.blocks())
          .filteredOn(block -> block.length() == 80)
          .hasSize(isCell ? 1 : 0)
          .allSatisfy(
              prefix ->
                  assertThat(IpPrefix.parse("2001:db8:4e04:d139::/80").overlaps(prefix)).isFalse());
      assertThat(eni.securityGroups()).containsExactly("sg-0123abcd");
    }
  }

  private List<String> changes() {
    return ec2.requests().stream()
        .map(FakeRequest::form)
        .map(form -> form.get("Action").get(0))
        .filter(action -> !action.startsWith("Describe"))
        .toList();
  }

  @Test
  void the_first_run_attaches_the_second_changes_nothing_and_release_leaves_nothing()
      throws Exception {
    Run first = dualstack(apply());
    assertDone(first);
    assertThat(first.output()).contains("\"nics_attached\" : 5");
    assertAllThere();
    List<FakeNetworkInterface> before = ec2.networkInterfaces();
    ec2.forgetRequests();

    Run second = dualstack(apply());

    assertDone(second);
    assertThat(second.output()).contains("\"changed\" : false");
    assertThat(ec2.networkInterfaces()).isEqualTo(before);
    assertThat(changes()).isEmpty();

    assertDone(dualstack("release", "--deployment", "cf"));
    assertThat(ec2.networkInterfaces()).isEmpty();
    assertThat(quotas.requests()).isEmpty();
  }

  @Test
  void a_quota_that_is_used_up_is_told_where_there_is_a_way_to_ask() throws Exception {
    String[] asking = Arrays.copyOf(apply(), apply().length + 2);
    asking[apply().length] = "--provider-setting";
    asking[apply().length + 1] = "aws.quotas_endpoint=" + quotas.endpoint();

    Run first = dualstack(asking);
    assertDone(first);
    assertThat(first.output()).doesNotContain("Quota");
    Run second = dualstack(asking);

    assertDone(second);
    assertThat(second.output()).contains("InterfaceQuotaUsedUp", "used up in eu-central-1a");
    assertThat(quotas.requests()).hasSize(2);
  }

  @Test
  void a_run_that_is_cut_off_is_finished_by_the_next() throws Exception {
    ec2.faults().allAfter(17, Fault.CUT_AFTER);
    Run cutOff = dualstack(apply());
    assertThat(cutOff.exitCode()).as(cutOff.output()).isEqualTo(1);
    assertThat(cutOff.output()).contains("EC2 can't be reached").doesNotContain("\tat ");
    assertThat(ec2.networkInterfaces())
        .as("half-made by the run that was cut off")
        .isNotEmpty()
        .filteredOn(eni -> eni.blocks().size() == 3)
        .hasSizeLessThan(3);
    ec2.faults().clear();

    assertDone(dualstack(apply()));

    assertAllThere();
    assertThat(dualstack(apply()).output()).contains("\"changed\" : false");
  }

  @Test
  void a_run_that_is_killed_is_healed_by_the_next() throws Exception {
    ec2.pendingFor(Integer.MAX_VALUE);
    Process killed = start(apply());
    while (ec2.networkInterfaces().isEmpty() && killed.isAlive()) {
      Thread.onSpinWait();
    }
    killed.destroyForcibly();
    killed.waitFor();
    assertThat(ec2.networkInterfaces()).as("half-made by the killed run").isNotEmpty();
    ec2.networkInterfaces().forEach(eni -> ec2.settle(eni.id()));
    ec2.pendingFor(0);

    assertDone(dualstack(apply()));

    assertAllThere();
    assertThat(dualstack(apply()).output()).contains("\"changed\" : false");
  }

  @Test
  void what_was_changed_by_hand_is_found_and_repaired() throws Exception {
    assertDone(dualstack(apply()));
    List<FakeNetworkInterface> before = ec2.networkInterfaces();
    ec2.remove(before.get(0).id());

    Run drift = dualstack("drift", "--deployment", "cf");
    assertThat(drift.exitCode()).as(drift.output()).isEqualTo(1);
    assertThat(drift.output()).contains("cf/router/0").contains("REPAIRED BY");
    assertDone(dualstack(apply()));

    assertDone(dualstack("drift", "--deployment", "cf"));
    assertThat(ec2.networkInterfaces())
        .extracting(FakeNetworkInterface::blocks)
        .containsExactlyInAnyOrderElementsOf(
            before.stream().map(FakeNetworkInterface::blocks).toList());
  }

  @Test
  void a_nic_that_the_store_does_not_know_is_detached_by_repair() throws Exception {
    assertDone(dualstack(apply()));
    List<FakeNetworkInterface> before = ec2.networkInterfaces();
    ec2.networkInterface(
        SUBNET,
        Map.of(
            "dualstack:foundation", "dualstack",
            "dualstack:owner", "cf/router/9",
            "dualstack:nic", "1",
            "dualstack:incarnation", "1"),
        IpPrefix.parse("10.0.20.9/32"));

    Run drift = dualstack("drift", "--deployment", "cf");
    assertThat(drift.exitCode()).as(drift.output()).isEqualTo(1);
    assertThat(drift.output()).contains("cf/router/9", "drift --repair");
    assertThat(ec2.networkInterfaces()).hasSize(before.size() + 1);

    assertDone(dualstack("drift", "--deployment", "cf", "--repair"));
    assertThat(ec2.networkInterfaces()).isEqualTo(before);
  }

  @Test
  void networks_that_do_not_fit_are_refused_before_anything_is_made() throws Exception {
    ec2.subnet(SUBNET, "vpc-1", "eu-central-1a", IpPrefix.parse("10.9.0.0/20"));

    Run run = dualstack(apply());

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.output()).contains("RangeOutsideSubnet").contains("10.0.16.0/20");
    assertThat(ec2.networkInterfaces()).isEmpty();
  }
}
