package io.dualstack.impl.cni.hostlocal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.cni.IpamDurability;
import io.dualstack.impl.cni.protocol.PluginSkeleton;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The protocol's refusals beside the original's, and what the original lacks. */
class HostLocalProtocolIT {
  private static final int DECODING_FAILURE = 6;

  @TempDir Path temp;

  private final PluginSkeleton ours =
      new PluginSkeleton(new HostLocalPlugin(new HostLocalIpam(IpamDurability.DURABLE)));

  private GoHostLocal.Answer ours(Map<String, String> environment, String config) {
    return ours(environment, new ByteArrayInputStream(config.getBytes(StandardCharsets.UTF_8)));
  }

  private GoHostLocal.Answer ours(Map<String, String> environment, InputStream stdin) {
    PluginSkeleton.Answer answer = ours.serve(environment, stdin);
    return new GoHostLocal.Answer(answer.exitCode(), answer.stdout());
  }

  /** What is said of {@code COMMAND}, with variables changed or, where empty, taken away. */
  private static Map<String, String> environment(String command, String changes) {
    Map<String, String> environment = new HashMap<>(GoHostLocal.environment(command, "c1", ""));
    for (String change : changes.isEmpty() ? new String[0] : changes.split(",", -1)) {
      String[] parts = change.split("=", 2);
      environment.put("CNI_" + parts[0], parts[1]);
    }
    environment.values().removeIf(String::isEmpty);
    return environment;
  }

  private String good(String version) {
    return config(version, "\"ranges\":[[{\"subnet\":\"10.1.0.0/30\"}]]");
  }

  private String config(String version, String ipam) {
    return """
        {"cniVersion":"%s","name":"net","ipam":{"type":"host-local","dataDir":"%s",%s}}
        """
        .formatted(version, temp, ipam);
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        arguments(4, "ADD", "CONTAINERID=,NETNS=,IFNAME=,PATH=", "GOOD"),
        arguments(4, "ADD", "CONTAINERID=", "GOOD"),
        arguments(4, "ADD", "NETNS=", "GOOD"),
        arguments(4, "ADD", "IFNAME=", "GOOD"),
        arguments(4, "ADD", "PATH=", "GOOD"),
        arguments(4, "DEL", "CONTAINERID=", "GOOD"),
        arguments(4, "DEL", "IFNAME=", "GOOD"),
        arguments(4, "DEL", "PATH=", "GOOD"),
        arguments(4, "CHECK", "NETNS=", "GOOD"),
        arguments(4, "ADD", "CONTAINERID=-x", "GOOD"),
        arguments(4, "ADD", "CONTAINERID=a/b", "GOOD"),
        arguments(4, "ADD", "CONTAINERID=a b", "GOOD"),
        arguments(4, "DEL", "CONTAINERID=ä", "GOOD"),
        arguments(4, "ADD", "IFNAME=a/b", "GOOD"),
        arguments(4, "ADD", "IFNAME=a:b", "GOOD"),
        arguments(4, "ADD", "IFNAME=a b", "GOOD"),
        arguments(4, "ADD", "IFNAME=.", "GOOD"),
        arguments(4, "ADD", "IFNAME=..", "GOOD"),
        arguments(4, "ADD", "IFNAME=a234567890123456", "GOOD"),
        arguments(4, "JUMP", "", "GOOD"),
        arguments(4, "add", "", "GOOD"),
        arguments(6, "ADD", "", ""),
        arguments(6, "ADD", "", "nonsense"),
        arguments(6, "ADD", "", "{\"name\":"),
        arguments(6, "ADD", "", "[]"),
        arguments(6, "ADD", "", "\"x\""),
        arguments(6, "ADD", "", "{\"cniVersion\":7,\"name\":\"net\"}"),
        arguments(6, "ADD", "", "{\"cniVersion\":\"1.0.0\",\"name\":7}"),
        arguments(7, "ADD", "", "{\"cniVersion\":\"1.0.0\"}"),
        arguments(7, "ADD", "", "{\"cniVersion\":\"1.0.0\",\"name\":\"\"}"),
        arguments(7, "DEL", "", "{\"cniVersion\":\"1.0.0\",\"name\":\"-x\"}"),
        arguments(7, "CHECK", "", "{\"cniVersion\":\"1.0.0\",\"name\":\"a/b\"}"),
        arguments(1, "ADD", "", "{\"cniVersion\":\"9.0.0\",\"name\":\"net\"}"),
        arguments(1, "DEL", "", "{\"cniVersion\":\"1.0\",\"name\":\"net\"}"),
        arguments(1, "CHECK", "", "{\"cniVersion\":\"0.3.1\",\"name\":\"net\"}"),
        arguments(1, "CHECK", "", "{\"name\":\"net\"}"),
        arguments(999, "ADD", "", "{\"cniVersion\":\"1.0.0\",\"name\":\"net\"}"),
        arguments(999, "ADD", "", "{\"cniVersion\":\"1.0.0\",\"name\":\"net\",\"ipam\":{}}"),
        arguments(999, "ADD", "ARGS=A", "GOOD"),
        arguments(999, "ADD", "ARGS=A=B", "GOOD"),
        arguments(999, "ADD", "ARGS=IP=x", "GOOD"),
        arguments(999, "ADD", "ARGS=IP=10.9.9.9", "GOOD"),
        arguments(999, "ADD", "ARGS=IP=10.1.0.1", "GOOD"),
        arguments(999, "CHECK", "", "GOOD"));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void refuses_with_the_code_of_the_original(
      int code, String command, String changes, String config) {
    Map<String, String> environment = environment(command, changes);
    String stdin = config.equals("GOOD") ? good("1.0.0") : config;

    GoHostLocal.Answer original = GoHostLocal.run(environment, stdin);
    GoHostLocal.Answer answer = ours(environment, stdin);

    assertThat(original.json().path("code").asInt()).as(original.stdout()).isEqualTo(code);
    assertThat(answer.json().path("code").asInt()).as(answer.stdout()).isEqualTo(code);
    assertThat(answer.exitCode()).isEqualTo(original.exitCode()).isEqualTo(1);
    // Words about JSON are each reader's own.
    if (code != DECODING_FAILURE) {
      assertThat(answer.json().get("msg")).isEqualTo(original.json().get("msg"));
    }
    assertThat(temp.resolve("net/10.1.0.2")).doesNotExist();
  }

  @Test
  void an_input_that_cannot_be_read_is_code_5() {
    Map<String, String> environment = environment("ADD", "");
    GoHostLocal.Answer original =
        GoHostLocal.run(List.of("sh", "-c", "exec \"$0\" </", GoHostLocal.BINARY), environment, "");
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("is a directory");
          }
        };

    assertThat(original.json().path("code").asInt()).isEqualTo(5);
    GoHostLocal.Answer answer = ours(environment, broken);
    assertThat(answer.json().path("code").asInt()).isEqualTo(5);
    assertThat(answer.exitCode()).isEqualTo(original.exitCode()).isEqualTo(1);
  }

  /** The original is content with a namespace that is missing, or gone. */
  @Test
  void a_container_that_is_gone_is_released_all_the_same() {
    for (String changes : List.of("NETNS=", "NETNS=/nowhere")) {
      Map<String, String> environment = environment("DEL", changes);
      assertThat(GoHostLocal.run(environment, good("1.0.0")).exitCode()).isZero();
      assertThat(ours(environment, good("1.0.0"))).isEqualTo(new GoHostLocal.Answer(0, ""));
    }
  }

  // What differs by design

  @Test
  void the_plugins_own_namespace_is_refused_before_anything_is_reserved() {
    Map<String, String> own = environment("ADD", "NETNS=/proc/self/ns/net");

    GoHostLocal.Answer answer = ours(own, good("1.0.0"));

    assertThat(answer.exitCode()).isEqualTo(1);
    assertThat(answer.json().path("code").asInt()).isEqualTo(8);
    assertThat(temp.resolve("net")).doesNotExist();
    assertThat(
            ours(environment("DEL", "NETNS=/proc/self/ns/net"), good("1.0.0"))
                .json()
                .path("code")
                .asInt())
        .isEqualTo(8);
    own.put("CNI_NETNS_OVERRIDE", "1");
    assertThat(ours(own, good("1.0.0")).exitCode()).isZero();
  }

  @Test
  void versions_are_told_without_a_configuration_and_are_the_originals_and_more() {
    Map<String, String> environment = Map.of("CNI_COMMAND", "VERSION");

    ObjectNode original = GoHostLocal.run(environment, "").json();
    ObjectNode answer = ours(environment, "").json();

    assertThat(answer.path("cniVersion").asText()).isEqualTo("1.1.0");
    assertThat(texts(answer.path("supportedVersions")))
        .containsAll(texts(original.path("supportedVersions")))
        .endsWith("1.0.0", "1.1.0");
  }

  @Test
  void gc_keeps_what_is_named_and_releases_all_else() throws IOException {
    String config = config("1.1.0", "\"ranges\":[[{\"subnet\":\"10.1.0.0/28\"}]]");
    for (String id : List.of("c1", "c2", "c3")) {
      assertThat(ours(environment("ADD", "CONTAINERID=" + id), config).exitCode()).isZero();
    }
    Files.writeString(temp.resolve("net/10.1.0.9"), "c4");
    Files.writeString(temp.resolve("net/10.1.0.10"), "c1\r\neth1");
    String valid =
        config.replaceFirst(
            "\\{",
            "{\"cni.dev/valid-attachments\":[{\"containerID\":\"c1\",\"ifname\":\"eth0\"},"
                + "{\"containerID\":\"c4\",\"ifname\":\"eth0\"}],");

    assertThat(ours(environment("GC", "CONTAINERID=,NETNS=,IFNAME="), valid))
        .isEqualTo(new GoHostLocal.Answer(0, ""));

    try (var files = Files.list(temp.resolve("net"))) {
      assertThat(files.map(file -> String.valueOf(file.getFileName())))
          .containsExactlyInAnyOrder("10.1.0.2", "10.1.0.9", "last_reserved_ip.0", "lock");
    }
    assertThat(
            ours(environment("GC", ""), config.replace("1.1.0", "1.0.0"))
                .json()
                .path("code")
                .asInt())
        .isEqualTo(1);
    assertThat(ours(environment("GC", "PATH="), valid).json().path("code").asInt()).isEqualTo(4);
  }

  @Test
  void status_is_50_when_an_add_would_find_nothing() throws IOException {
    Map<String, String> status = environment("STATUS", "CONTAINERID=,NETNS=,IFNAME=");
    assertThat(ours(status, good("1.1.0"))).isEqualTo(new GoHostLocal.Answer(0, ""));
    assertThat(ours(environment("ADD", ""), good("1.1.0")).exitCode()).isZero();

    GoHostLocal.Answer full = ours(status, good("1.1.0"));

    assertThat(full.exitCode()).isEqualTo(1);
    assertThat(full.json().path("code").asInt()).as(full.stdout()).isEqualTo(50);
    assertThat(ours(environment("DEL", ""), good("1.1.0")).exitCode()).isZero();
    assertThat(ours(status, good("1.1.0")).exitCode()).isZero();
    Path file = Files.createFile(temp.resolve("file"));
    assertThat(
            ours(status, good("1.1.0").replace(temp.toString(), file.toString()))
                .json()
                .path("code")
                .asInt())
        .isEqualTo(50);
    assertThat(ours(status, good("1.0.0")).json().path("code").asInt()).isEqualTo(1);
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(each -> texts.add(each.asText()));
    return texts;
  }
}
