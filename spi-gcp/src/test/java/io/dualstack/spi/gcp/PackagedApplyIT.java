package io.dualstack.spi.gcp;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.client.json.GenericJson;
import io.dualstack.net.IpPrefix;
import io.dualstack.testkit.cloud.FakeRequest;
import io.dualstack.testkit.cloud.gcp.FakeCompute;
import io.dualstack.testkit.cloud.gcp.FakeSubnetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged command line with the packaged plugin, on the example of the README. */
class PackagedApplyIT {
  private static final Path JAR = Path.of("../impl/target/dualstack.jar");
  private static final Path EXAMPLE = Path.of("../impl/examples/gcp");

  /** Three instances with an address, a /28 and a /96 each. */
  private static final int RESERVED = 9;

  @TempDir private Path folder;

  private final FakeCompute compute = new FakeCompute("cf-project", "europe-west1");
  private int runs;

  @BeforeEach
  void set_up_the_project() {
    assertThat(JAR).as("build it first: mvn -pl impl package").exists();
    compute.add(
        FakeSubnetwork.of("cf", "cells", IpPrefix.parse("10.0.16.0/20"))
            .with("containers", IpPrefix.parse("10.9.0.0/20"))
            .withInternalIpv6(IpPrefix.parse("fd20:4e04:d139::/64")));
  }

  @AfterEach
  void close() {
    compute.close();
  }

  @Test
  void attaches_once_and_releases_everything() throws Exception {
    Run first = apply();

    assertThat(first.exitCode()).as(first.output()).isZero();
    assertThat(compute.addresses()).hasSize(RESERVED);
    compute.forgetRequests();

    Run second = apply();

    assertThat(second.exitCode()).as(second.output()).isZero();
    assertThat(second.output()).contains("\"changed\" : false");
    assertThat(compute.requests()).extracting(FakeRequest::method).containsOnly("GET");
    Run release = run("release", "--deployment", "cf");
    assertThat(release.exitCode()).as(release.output()).isZero();
    assertThat(compute.addresses()).isEmpty();
  }

  @Test
  void a_run_that_is_killed_is_healed_by_the_next() throws Exception {
    for (int insert = 0; insert < RESERVED; insert += 4) {
      AtomicReference<Process> process = new AtomicReference<>();
      for (int i = 0; i < insert; i++) {
        compute.beforeNext("addresses.insert", () -> {});
      }
      compute.beforeNext("addresses.insert", () -> process.get().destroyForcibly());
      Run killed = run(process, applying());
      assertThat(killed.exitCode()).as(killed.output()).isNotZero();

      Run healed = apply();

      assertThat(healed.exitCode()).as(healed.output()).isZero();
      assertThat(compute.addresses()).hasSize(RESERVED);
      Run again = apply();
      assertThat(again.output()).contains("\"changed\" : false");
      assertThat(run("release", "--deployment", "cf").exitCode()).isZero();
      assertThat(compute.addresses()).isEmpty();
    }
  }

  @Test
  void what_differs_is_found_and_repaired() throws Exception {
    assertThat(apply().exitCode()).isZero();
    List<String> before = compute.addresses();
    Path store = folder.resolve("store.db");
    Files.copy(store, folder.resolve("backup.db"));
    Path larger =
        Files.writeString(
            folder.resolve("larger.yml"),
            Files.readString(EXAMPLE.resolve("manifest.yml"))
                .replace("instances: 3", "instances: 4"));
    String[] scaled = applying();
    scaled[scaled.length - 1] = larger.toString();
    Run scaling = run(scaled);
    assertThat(scaling.exitCode()).as(scaling.output()).isZero();
    // The store is restored from a backup that knows nothing of the fourth machine.
    Files.copy(folder.resolve("backup.db"), store, StandardCopyOption.REPLACE_EXISTING);
    GenericJson lost = FakeProject.parsed(before.get(0), GenericJson.class);
    compute.releaseAddress((String) lost.get("name"));

    Run drift = run("drift", "--deployment", "cf");
    assertThat(drift.exitCode()).as(drift.output()).isEqualTo(1);
    assertThat(drift.output()).contains("\"cf/diego_cell/3\"", "\"drift --repair\"", "\"apply\"");
    assertThat(run("drift", "--deployment", "cf", "--repair").exitCode()).isEqualTo(1);
    assertThat(compute.addresses()).hasSize(RESERVED - 1);

    assertThat(apply().exitCode()).isZero();
    assertThat(compute.addresses()).hasSize(RESERVED);
    Run none = run("drift", "--deployment", "cf");
    assertThat(none.exitCode()).as(none.output()).isZero();
  }

  private record Run(int exitCode, String output) {}

  private Run apply() throws Exception {
    return run(applying());
  }

  private static String[] applying() {
    return new String[] {
      "apply",
      "--provider",
      "gcp",
      "--cloud-config",
      file("cloud-config.yml"),
      "--manifest",
      file("manifest.yml")
    };
  }

  private static String file(String name) {
    return EXAMPLE.resolve(name).toString();
  }

  private Run run(String... arguments) throws Exception {
    return run(new AtomicReference<>(), arguments);
  }

  private Run run(AtomicReference<Process> started, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-jar", JAR.toString()));
    command.addAll(List.of(arguments));
    command.addAll(List.of("--json", "--store", "sqlite:" + folder.resolve("store.db")));
    command.addAll(List.of("--plugins", "target/plugins"));
    for (String setting :
        List.of(
            "project=cf-project",
            "region=europe-west1",
            "credentials=none",
            "backoff_milliseconds=1",
            "endpoint=" + compute.endpoint())) {
      command.add("--provider-setting");
      command.add("gcp." + setting);
    }
    Path output = folder.resolve("output-" + runs++ + ".txt");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    started.set(process);
    int exitCode = process.waitFor();
    return new Run(exitCode, Files.readString(output));
  }
}
