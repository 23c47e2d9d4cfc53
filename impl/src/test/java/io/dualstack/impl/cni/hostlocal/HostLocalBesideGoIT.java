package io.dualstack.impl.cni.hostlocal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.dualstack.cni.IpamDurability;
import io.dualstack.impl.cni.protocol.PluginSkeleton;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ours and the original plugin on one directory, in turns and at the same time. */
class HostLocalBesideGoIT {
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
