package io.dualstack.spi.openstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.dualstack.net.IpPrefix;
import io.dualstack.testkit.cloud.aws.FakeEc2;
import io.dualstack.testkit.cloud.gcp.FakeCompute;
import io.dualstack.testkit.cloud.gcp.FakeSubnetwork;
import io.dualstack.testkit.cloud.openstack.FakeKeystone;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The plugins of all three clouds at work in one process, each with the libraries that it brings.
 */
class SideBySideIT {
  private static final Path JAR = Path.of("../impl/target/dualstack.jar");
  private static final List<Path> PLUGINS =
      List.of(
          Path.of("../spi-aws/target/plugins"),
          Path.of("../spi-gcp/target/plugins"),
          Path.of("target/plugins"));

  @TempDir private Path folder;

  @Test
  void the_pools_of_three_clouds_are_shown_by_one_process() throws Exception {
    for (Path needed : List.of(JAR, PLUGINS.get(0), PLUGINS.get(1), PLUGINS.get(2))) {
      if (!"true".equals(System.getenv("CI"))) {
        assumeTrue(Files.exists(needed), needed + " is missing; package that module first");
      }
    }
    try (FakeEc2 ec2 =
            new FakeEc2()
                .subnet(
                    "subnet-0a1b2c3d",
                    "vpc-01234567",
                    "eu-central-1a",
                    IpPrefix.parse("10.64.0.0/20"),
                    IpPrefix.parse("2001:db8:64::/64"));
        FakeCompute compute = new FakeCompute("cf-project", "europe-west1");
        FakeCloud neutron = new FakeCloud()) {
      compute.add(
          FakeSubnetwork.of("cf", "cells", IpPrefix.parse("10.0.0.0/20"))
              .withInternalIpv6(IpPrefix.parse("2001:db8:1:2::/64")));

      JsonNode answer = pools(ec2, compute, neutron);

      assertThat(answer.path("refused")).isEmpty();
      assertThat(answer.path("pools").findValuesAsText("provider"))
          .contains("aws", "gcp", "openstack")
          .doesNotContain("local");
      assertThat(answer.path("pools").toString())
          .contains("10.64.0.0/20", "2001:db8:1:2::/64", "2001:db8:64::/64");
    }
  }

  private JsonNode pools(FakeEc2 ec2, FakeCompute compute, FakeCloud neutron) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-jar",
                JAR.toString(),
                "pools",
                "--json",
                "--store",
                "memory:"));
    PLUGINS.forEach(directory -> command.addAll(List.of("--plugins", directory.toString())));
    List.of("aws", "gcp", "openstack")
        .forEach(provider -> command.addAll(List.of("--provider", provider)));
    List.of(
            "aws.endpoint=" + ec2.endpoint(),
            "aws.region=eu-central-1",
            "gcp.endpoint=" + compute.endpoint(),
            "gcp.project=cf-project",
            "gcp.region=europe-west1",
            "gcp.credentials=none")
        .forEach(setting -> command.addAll(List.of("--provider-setting", setting)));
    Path output = folder.resolve("output.json");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(output.toFile())
            .redirectError(folder.resolve("log.txt").toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("OS_"));
    builder.environment().put("OS_AUTH_URL", neutron.neutron.authUrl().toString());
    builder.environment().put("OS_USERNAME", FakeKeystone.USER);
    builder.environment().put("OS_PASSWORD", FakeKeystone.PASSWORD);
    builder.environment().put("OS_PROJECT_NAME", FakeKeystone.PROJECT);
    builder.environment().put("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
    builder.environment().put("AWS_SECRET_ACCESS_KEY", "secret");
    builder.environment().put("AWS_EC2_METADATA_DISABLED", "true");
    builder.environment().put("HOME", folder.toString());
    int status = builder.start().waitFor();
    assertThat(status)
        .as(Files.readString(output) + Files.readString(folder.resolve("log.txt")))
        .isZero();
    return new JsonMapper().readTree(Files.readString(output));
  }
}
