package io.dualstack.impl.host.networkd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dualstack.net.InterfaceAddress;
import io.dualstack.net.IpPrefix;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The golden files read by systemd-networkd itself, and what it makes of them in a kernel: in
 * namespaces of their own, which end with the test. Skipped where these can't be made.
 */
class NetworkdIT {

  private static final Path NETWORKD = Path.of("/usr/lib/systemd/systemd-networkd");
  private static final Path GOLDEN = Path.of("src/test/resources/golden/host");

  /**
   * Namespaces of everything that is touched; whatever runs in them ends with the first process.
   */
  private static final List<String> NAMESPACES =
      List.of("unshare", "--mount", "--net", "--pid", "--fork", "--mount-proc", "--kill-child");

  /**
   * Starts networkd on the files in the directory given and copies its log until the marker. A
   * read-only /sys has it not wait for udev, which is not there; without duplicate address
   * detection addresses are ready at once. The timeout ends what hangs, it is no measure of
   * anything.
   */
  private static final String SCRIPT =
      """
      set -e
      mount -t tmpfs tmpfs /run
      mount -t sysfs -o ro sysfs /sys
      mount -t tmpfs tmpfs /etc/systemd/network
      mount -t tmpfs tmpfs /usr/lib/systemd/network
      mkdir -p /run/systemd/network
      cp "$1"/*.network /run/systemd/network/
      ip link set lo up
      ip link add eth0 type veth peer name peer0
      echo 0 > /proc/sys/net/ipv6/conf/eth0/accept_dad
      ip link set peer0 up
      mkfifo /run/log
      SYSTEMD_LOG_LEVEL=debug SYSTEMD_LOG_TARGET=console SYSTEMD_LOG_COLOR=0 \
        timeout 300 "$2" > /run/log 2>&1 &
      exec 3< /run/log
      while read -r line <&3; do
        echo "log: $line"
        case "$line" in *"$3"*) break ;; esac
      done
      """;

  private static final String ROUTES =
      """
      echo "addresses: $(ip -json address show dev eth0)"
      echo "routes4: $(ip -json -4 route)"
      echo "routes6: $(ip -json -6 route)"
      delegated=2001:db8:4e04:d139:1::
      echo "discarded: $(ip -6 route get $delegated 2>&1)"
      ip -6 route add $delegated/80 dev eth0
      echo "used: $(ip -6 route get $delegated)"
      """;

  /** A prefix that nothing uses is unreachable; whoever uses a part of it adds a route to that. */
  private static final String DELEGATED =
      """
      echo "addresses: $(ip -json address show dev eth0)"
      echo "discarded: $(ip route get "$5" 2>&1)"
      ip route add "$4" dev lo
      echo "used: $(ip route get "$5")"
      """;

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path directory;

  @BeforeAll
  static void namespaces_and_networkd_are_there() throws IOException, InterruptedException {
    require(Files.isExecutable(NETWORKD), "no systemd-networkd");
    List<String> command = new ArrayList<>(NAMESPACES);
    command.addAll(List.of("ip", "link", "add", "eth0", "type", "veth", "peer", "name", "peer0"));
    require(Files.exists(Path.of("/usr/bin/unshare")), "no unshare");
    Process attempt = new ProcessBuilder(command).redirectErrorStream(true).start();
    attempt.getInputStream().readAllBytes();
    require(attempt.waitFor() == 0, "no right to make namespaces");
  }

  /** What is missing skips the test on a developer's machine, and fails it where CI is set. */
  private static void require(boolean there, String otherwise) {
    if (Boolean.parseBoolean(System.getenv("CI"))) {
      assertThat(there).as(otherwise).isTrue();
    } else {
      assumeTrue(there, otherwise);
    }
  }

  @Test
  void knows_every_section_and_key_of_every_file() throws IOException, InterruptedException {
    int count = 0;
    try (Stream<Path> files = Files.walk(GOLDEN)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".network")).toList()) {
        Files.copy(file, directory.resolve("%02d.network".formatted(count++)));
      }
    }
    // So that the test can fail: the complaint it looks for is made of a file that deserves it.
    Files.writeString(directory.resolve("99.network"), "[Match]\nName=x\n[Network]\nNoKey=1\n");

    List<String> complaints =
        run("", "Enumeration completed").stream()
            .filter(line -> line.matches("log: .*\\.network:\\d+: .*"))
            .toList();

    assertThat(count).isGreaterThan(10);
    assertThat(complaints).singleElement().asString().contains("99.network:4: Unknown key");
  }

  @Test
  void both_families_and_the_delegated_prefix_arrive_in_the_kernel()
      throws IOException, InterruptedException {
    Files.copy(
        GOLDEN.resolve("dual-stack-delegated/10_eth0.network"),
        directory.resolve("10_eth0.network"));

    List<String> output = run(ROUTES, "eth0: Routes set");

    JsonNode addresses = json(output, "addresses: ").at("/0/addr_info");
    assertThat(addresses)
        .anyMatch(it -> is(it, "local", "10.0.16.4") && is(it, "broadcast", "10.0.31.255"))
        .anyMatch(it -> is(it, "local", "2001:db8:4e04:d139::1000") && is(it, "prefixlen", "64"))
        .noneMatch(it -> it.path("local").asText().startsWith("2001:db8:4e04:d139:1:"));
    assertThat(json(output, "routes4: "))
        .anyMatch(it -> is(it, "dst", "default") && is(it, "gateway", "10.0.16.1"));
    assertThat(json(output, "routes6: "))
        .anyMatch(it -> is(it, "dst", "default") && is(it, "gateway", "2001:db8:4e04:d139::1"))
        .anyMatch(
            it ->
                is(it, "dst", "2001:db8:4e04:d139:1::/80")
                    && is(it, "type", "unreachable")
                    && is(it, "metric", "2147483647"));
    assertThat(line(output, "discarded: ")).contains("No route to host");
    assertThat(line(output, "used: ")).contains("dev eth0").doesNotContain("unreachable");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ipv4-shared-nic", "dual-stack-shared-nic", "dual-stack-delegated"})
  void every_address_of_a_nic_arrives_and_of_a_prefix_the_route_alone(String machine)
      throws IOException, InterruptedException {
    UnitFile file =
        UnitFile.parse(Files.readString(GOLDEN.resolve(machine).resolve("10_eth0.network")));
    Files.copy(
        GOLDEN.resolve(machine).resolve("10_eth0.network"), directory.resolve("10_eth0.network"));
    IpPrefix delegated = IpPrefix.parse(file.all("Route", "Destination").get(0));

    List<String> output =
        run(DELEGATED, "eth0: Routes set", delegated.toString(), delegated.first().toString());

    List<String> addresses = new ArrayList<>();
    for (JsonNode it : json(output, "addresses: ").at("/0/addr_info")) {
      if (!it.path("scope").asText().equals("link")) {
        addresses.add(it.path("local").asText() + "/" + it.path("prefixlen").asText());
      }
    }
    assertThat(addresses)
        .containsExactlyInAnyOrderElementsOf(file.all("Address", "Address"))
        .noneMatch(it -> delegated.contains(InterfaceAddress.parse(it).address()));
    assertThat(line(output, "discarded: ")).contains("No route to host");
    assertThat(line(output, "used: ")).contains("dev lo").doesNotContain("unreachable");
  }

  private List<String> run(String then, String marker, String... more)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(NAMESPACES);
    command.addAll(
        List.of(
            "sh", "-c", SCRIPT + then, "sh", directory.toString(), NETWORKD.toString(), marker));
    command.addAll(List.of(more));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(output).isZero();
      return output.lines().toList();
    } finally {
      process.destroyForcibly();
    }
  }

  private static String line(List<String> output, String prefix) {
    return output.stream()
        .filter(line -> line.startsWith(prefix))
        .map(line -> line.substring(prefix.length()))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + prefix + " in\n" + output));
  }

  private static JsonNode json(List<String> output, String prefix) throws IOException {
    return JSON.readTree(line(output, prefix));
  }

  private static boolean is(JsonNode node, String key, String value) {
    return node.path(key).asText().equals(value);
  }
}
