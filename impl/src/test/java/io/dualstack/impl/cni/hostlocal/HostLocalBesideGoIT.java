package io.dualstack.impl.cni.hostlocal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import io.dualstack.cni.IpamDurability;
import io.dualstack.impl.cni.protocol.PluginSkeleton;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ours and the original plugin on one directory, in turns and at the same time. */
class HostLocalBesideGoIT {
  private static final String RESOLV_CONF =
      """
      # a comment
      ; another one
      nameserver 192.0.2.53
      nameserver\t2001:db8::53   second
        nameserver 192.0.2.54
      domain cf.internal
      domain last.internal
      search a.internal  b.internal
      search c.internal
      options ndots:5 timeout:1
      options rotate # no comment here
      sortlist 192.0.2.0/24
      nameserver
      """;

  @TempDir private Path temp;

  private final PluginSkeleton ours =
      new PluginSkeleton(new HostLocalPlugin(new HostLocalIpam(IpamDurability.DURABLE)));

  private GoHostLocal.Answer java(Map<String, String> environment, String config) {
    PluginSkeleton.Answer answer =
        ours.serve(environment, new ByteArrayInputStream(config.getBytes(StandardCharsets.UTF_8)));
    return new GoHostLocal.Answer(answer.exitCode(), answer.stdout());
  }

  private String config(String directory, String version, String v4, String v6) {
    return """
        {"cniVersion":"%s","name":"net","type":"x","ipam":{"type":"host-local","dataDir":"%s",
        "routes":[{"dst":"0.0.0.0/0"},{"dst":"::/0","gw":"2001:db8:1::1"}],
        "ranges":[[{"subnet":"%s"},{"subnet":"10.9.0.0/30"}],[{"subnet":"%s","rangeStart":"2001:db8:1::3"}]]}}
        """
        .formatted(version, temp.resolve(directory), v4, v6);
  }

  private Map<String, String> files(String directory) throws IOException {
    Map<String, String> files = new TreeMap<>();
    if (!Files.exists(temp.resolve(directory))) {
      return files;
    }
    try (var list = Files.list(temp.resolve(directory).resolve("net"))) {
      for (Path file : list.toList()) {
        files.put(
            String.valueOf(file.getFileName()), Files.readString(file, StandardCharsets.UTF_8));
      }
    }
    return files;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void taking_turns_gives_the_answers_and_the_bytes_of_the_original_alone(long seed)
      throws IOException {
    Random random = new Random(seed);
    String version = List.of("0.2.0", "0.3.1", "0.4.0", "1.0.0").get((int) (seed % 4));
    String alone = config("alone", version, "10.1.2.0/29", "2001:db8:1::/125");
    String shared = config("shared", version, "10.1.2.0/29", "2001:db8:1::/125");

    for (int step = 0; step < 120; step++) {
      String id = "c" + random.nextInt(9);
      int kind = random.nextInt(10);
      String command =
          kind < 5
              ? "ADD"
              : kind < 9 || version.startsWith("0.2") || version.startsWith("0.3")
                  ? "DEL"
                  : "CHECK";
      String args =
          command.equals("ADD") && random.nextInt(4) == 0 ? "IP=10.1.2." + random.nextInt(9) : "";
      Map<String, String> environment = GoHostLocal.environment(command, id, args);

      GoHostLocal.Answer expected = GoHostLocal.run(environment, alone);
      GoHostLocal.Answer actual =
          random.nextBoolean() ? java(environment, shared) : GoHostLocal.run(environment, shared);

      String where = "seed %d step %d: %s %s %s".formatted(seed, step, command, id, args);
      assertThat(actual.exitCode()).as(where + actual.stdout()).isEqualTo(expected.exitCode());
      assertThat(actual.json()).as(where).isEqualTo(expected.json());
      assertThat(files("shared")).as(where).isEqualTo(files("alone"));
    }
  }

  /** Steps are {@code COMMAND CONTAINER INTERFACE [ARGS]}. */
  static Stream<Arguments> features() {
    String few = "\"ranges\":[[{\"subnet\":\"10.1.0.0/24\",%s}]]";
    String both = "\"ranges\":[[{\"subnet\":\"10.1.0.0/24\"}],[{\"subnet\":\"2001:db8:1::/80\"}]]";
    return Stream.of(
        arguments("name servers", both + ",\"resolvConf\":\"TEMP/resolv.conf\"", "", "ADD c1 eth0"),
        arguments(
            "name servers that are nowhere",
            both + ",\"resolvConf\":\"TEMP/missing.conf\"",
            "",
            "ADD c1 eth0|DEL c1 eth0|CHECK c1 eth0"),
        arguments(
            "an empty file of name servers",
            both + ",\"resolvConf\":\"/dev/null\"",
            "",
            "ADD c1 eth0"),
        arguments(
            "start and end",
            few.formatted("\"rangeStart\":\"10.1.0.20\",\"rangeEnd\":\"10.1.0.22\""),
            "",
            "ADD c1 eth0|ADD c2 eth0|ADD c3 eth0|ADD c4 eth0|DEL c2 eth0|ADD c4 eth0|ADD c5 eth0"),
        arguments(
            "an end only",
            few.formatted("\"rangeEnd\":\"10.1.0.3\""),
            "",
            "ADD c1 eth0|ADD c2 eth0|ADD c3 eth0"),
        arguments(
            "an end that is the broadcast address",
            few.formatted("\"rangeStart\":\"10.1.0.254\",\"rangeEnd\":\"10.1.0.255\""),
            "",
            "ADD c1 eth0|ADD c2 eth0|ADD c3 eth0"),
        arguments(
            "an IPv6 end",
            "\"ranges\":[[{\"subnet\":\"2001:db8:1::/80\",\"rangeStart\":\"2001:DB8:1::f\","
                + "\"rangeEnd\":\"2001:db8:1:0::10\"}]]",
            "",
            "ADD c1 eth0|ADD c2 eth0|ADD c3 eth0|DEL c1 eth0|ADD c3 eth0"),
        arguments(
            "a gateway in the middle",
            few.formatted(
                "\"rangeStart\":\"10.1.0.1\",\"rangeEnd\":\"10.1.0.3\",\"gateway\":\"10.1.0.2\""),
            "",
            "ADD c1 eth0|ADD c2 eth0|ADD c3 eth0|ADD c4 eth0 IP=10.1.0.2"),
        arguments(
            "a gateway elsewhere",
            few.formatted("\"gateway\":\"10.2.0.1\""),
            "",
            "ADD c1 eth0|ADD c2 eth0"),
        arguments(
            "an IPv6 gateway",
            "\"ranges\":[[{\"subnet\":\"2001:db8:1::/126\",\"gateway\":\"2001:db8:1::3\"}]]",
            "",
            "ADD c1 eth0|ADD c2 eth0|ADD c3 eth0|ADD c4 eth0 IP=2001:db8:1::3"),
        arguments(
            "a start behind the end",
            few.formatted("\"rangeStart\":\"10.1.0.9\",\"rangeEnd\":\"10.1.0.8\""),
            "",
            "ADD c1 eth0|DEL c1 eth0"),
        arguments(
            "addresses asked for in args",
            both,
            "\"args\":{\"cni\":{\"ips\":[\"10.1.0.77\",\"2001:db8:1::77/80\"]}}",
            "ADD c1 eth0|ADD c2 eth0|DEL c1 eth0|ADD c2 eth0|CHECK c2 eth0"),
        arguments(
            "an address of one family asked for in args",
            both,
            "\"args\":{\"cni\":{\"ips\":[\"2001:DB8:1:0:0:0:0:77\"]}}",
            "ADD c1 eth0|ADD c2 eth0|DEL c1 eth0"),
        arguments(
            "addresses asked for by the runtime",
            both,
            "\"runtimeConfig\":{\"ips\":[\"10.1.0.78/24\",\"2001:db8:1::78\"]}",
            "ADD c1 eth0|ADD c1 eth0|DEL c1 eth0"),
        arguments(
            "an address asked for that is in no range",
            both,
            "\"runtimeConfig\":{\"ips\":[\"10.9.0.78\"]}",
            "ADD c1 eth0|DEL c1 eth0"),
        arguments(
            "ranges of the runtime",
            both,
            "\"runtimeConfig\":{\"ipRanges\":[[{\"subnet\":\"10.3.0.0/24\",\"rangeStart\":\"10.3.0.9\"}]]}",
            "ADD c1 eth0|ADD c2 eth0|DEL c1 eth0"),
        arguments(
            "ranges of the runtime alone",
            "\"routes\":[]",
            "\"runtimeConfig\":{\"ipRanges\":[[{\"subnet\":\"10.3.0.0/24\"}],[{\"subnet\":\"2001:db8:3::/64\"}]]}",
            "ADD c1 eth0|CHECK c1 eth0|DEL c1 eth0"),
        arguments(
            "an IPv6 address asked for",
            both,
            "",
            "ADD c1 eth0 IP=2001:db8:1::5|ADD c2 eth0 IP=2001:db8:1::5|ADD c2 eth0 IP=2001:db8:1::1"
                + "|ADD c3 eth0 IP=2001:0DB8:1::6/80|ADD c4 eth0|DEL c1 eth0|ADD c5 eth0 IP=2001:db8:1::5"),
        arguments(
            "a second interface",
            both,
            "",
            "ADD c1 eth0|ADD c1 eth1|ADD c1 eth1|CHECK c1 eth1|DEL c1 eth0|CHECK c1 eth1"
                + "|CHECK c1 eth0|DEL c1 eth1|DEL c1 eth1"),
        arguments(
            "the keys of old, before a list",
            "\"subnet\":\"10.4.0.0/24\",\"rangeStart\":\"10.4.0.4\",\"rangeEnd\":\"10.4.0.5\","
                + "\"gateway\":\"10.4.0.5\","
                + both,
            "",
            "ADD c1 eth0|ADD c2 eth0|DEL c1 eth0|ADD c2 eth0"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("features")
  void a_feature_is_the_originals_also_in_turns(
      String feature, String ipam, String more, String steps) throws IOException {
    Files.writeString(temp.resolve("resolv.conf"), RESOLV_CONF);
    String alone = feature("alone", ipam, more);
    String shared = feature("shared", ipam, more);
    String turns = feature("turns", ipam, more);
    int step = 0;
    for (String line : steps.split("\\|")) {
      String[] words = line.split(" ");
      Map<String, String> environment =
          new HashMap<>(
              GoHostLocal.environment(words[0], words[1], words.length > 3 ? words[3] : ""));
      environment.put("CNI_IFNAME", words[2]);

      GoHostLocal.Answer original = GoHostLocal.run(environment, alone);
      GoHostLocal.Answer ours = java(environment, shared);
      GoHostLocal.Answer eithers =
          step++ % 2 == 0 ? java(environment, turns) : GoHostLocal.run(environment, turns);

      assertThat(ours.exitCode()).as(line + ours.stdout()).isEqualTo(original.exitCode());
      assertThat(ours.json()).as(line).isEqualTo(original.json());
      assertThat(eithers.json()).as(line).isEqualTo(original.json());
      assertThat(files("shared")).as(line).isEqualTo(files("alone"));
      assertThat(files("turns")).as(line).isEqualTo(files("alone"));
    }
  }

  private String feature(String directory, String ipam, String more) {
    return """
        {"cniVersion":"1.0.0","name":"net",%s"ipam":{"type":"host-local","dataDir":"%s",%s}}
        """
        .formatted(
            more.isEmpty() ? "" : more + ",",
            temp.resolve(directory),
            ipam.replace("TEMP", temp.toString()));
  }

  @Test
  void at_the_same_time_no_address_is_given_twice_and_no_change_is_lost() throws Exception {
    String config = config("both", "1.0.0", "10.1.0.0/16", "2001:db8:1::/80");
    int workers = 6;
    int rounds = 25;
    ExecutorService threads = Executors.newFixedThreadPool(workers);
    List<Future<List<String>>> kept = new ArrayList<>();
    for (int w = 0; w < workers; w++) {
      int worker = w;
      Callable<List<String>> work =
          () -> {
            List<String> addresses = new ArrayList<>();
            for (int i = 0; i < rounds; i++) {
              String id = "w" + worker + "-" + i;
              GoHostLocal.Answer answer = call(worker, "ADD", id, config);
              assertThat(answer.exitCode()).as(answer.stdout()).isZero();
              if (i % 2 == 0) {
                assertThat(call(worker + 1, "DEL", id, config).exitCode()).isZero();
              } else {
                for (JsonNode ip : answer.json().get("ips")) {
                  addresses.add(ip.get("address").textValue().replaceAll("/.*", ""));
                }
              }
            }
            return addresses;
          };
      kept.add(threads.submit(work));
    }
    List<String> all = new ArrayList<>();
    for (Future<List<String>> each : kept) {
      all.addAll(each.get());
    }
    threads.shutdown();

    assertThat(all).doesNotHaveDuplicates().hasSize(workers * (rounds / 2) * 2);
    Map<String, String> files = files("both");
    assertThat(files.keySet()).containsAll(all).hasSize(all.size() + 3);
    for (int i = 1; i < rounds; i += 2) {
      Map<String, String> check = GoHostLocal.environment("CHECK", "w0-" + i, "");
      assertThat(GoHostLocal.run(check, config).exitCode()).isZero();
      assertThat(java(check, config).exitCode()).isZero();
    }
  }

  private GoHostLocal.Answer call(int worker, String command, String id, String config) {
    Map<String, String> environment = GoHostLocal.environment(command, id, "");
    return worker % 2 == 0 ? java(environment, config) : GoHostLocal.run(environment, config);
  }
}
