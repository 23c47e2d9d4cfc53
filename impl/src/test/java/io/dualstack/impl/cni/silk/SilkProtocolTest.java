package io.dualstack.impl.cni.silk;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.cni.IpamDurability;
import io.dualstack.impl.cni.hostlocal.HostLocalIpam;
import io.dualstack.impl.cni.protocol.CniJson;
import io.dualstack.impl.cni.protocol.PluginSkeleton;
import io.dualstack.impl.kernel.Namespace;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the plugin answers where no link is touched. */
class SilkProtocolTest {
  @TempDir Path directory;

  private final PluginSkeleton plugin =
      new PluginSkeleton(
          new SilkPlugin(new HostLocalIpam(IpamDurability.DURABLE), Namespace.own()));

  private PluginSkeleton.Answer call(String command, String version, String source) {
    String config =
        """
        {"cniVersion":"%s","name":"silk","dataDir":"%s","datastore":"%2$s/store.json",%s}
        """
            .formatted(version, directory, source);
    Map<String, String> environment =
        Map.of(
            "CNI_COMMAND", command,
            "CNI_CONTAINERID", "c1",
            "CNI_NETNS", "/nowhere",
            "CNI_IFNAME", "eth0",
            "CNI_PATH", "/usr/lib/cni");
    return plugin.serve(
        environment, new ByteArrayInputStream(config.getBytes(StandardCharsets.UTF_8)));
  }

  private static ObjectNode json(PluginSkeleton.Answer answer) {
    return CniJson.parse("answer", answer.stdout().getBytes(StandardCharsets.UTF_8));
  }

  /** A port of this machine that nobody listens on. */
  private static String nobody() throws IOException {
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return "\"daemonPort\":" + closed.getLocalPort();
    }
  }

  @Test
  void status_is_50_while_the_daemon_is_down() throws IOException {
    PluginSkeleton.Answer answer = call("STATUS", "1.1.0", nobody());

    assertThat(answer.exitCode()).isEqualTo(1);
    assertThat(json(answer).path("code").asInt()).as(answer.stdout()).isEqualTo(50);
    assertThat(json(answer).path("msg").asText()).isEqualTo("discover network info");
    assertThat(json(answer).path("details").asText()).contains("refused");
  }

  @Test
  void status_is_well_while_the_networks_are_known() throws IOException {
    Path subnet =
        Files.writeString(
            directory.resolve("subnet.env"), "FLANNEL_SUBNET=10.255.30.1/24\nFLANNEL_MTU=1450\n");

    assertThat(call("STATUS", "1.1.0", "\"subnetFile\":\"" + subnet + "\""))
        .isEqualTo(new PluginSkeleton.Answer(0, "", ""));
  }

  @Test
  void an_add_while_the_daemon_is_down_names_the_step_and_leaves_nothing() throws IOException {
    PluginSkeleton.Answer answer = call("ADD", "1.0.0", nobody());

    assertThat(answer.exitCode()).isEqualTo(1);
    assertThat(json(answer).path("code").asInt()).isEqualTo(100);
    assertThat(json(answer).path("msg").asText()).isEqualTo("discover network info");
    assertThat(directory).isEmptyDirectory();
  }

  @ParameterizedTest
  @CsvSource({
    "1, ADD, 0.2.0",
    "1, DEL, 0.1.0",
    "1, CHECK, 0.3.1",
    "1, GC, 1.0.0",
    "1, STATUS, 1.0.0",
    "7, CHECK, 0.4.0",
    "4, JUMP, 1.0.0"
  })
  void refuses_what_a_version_lacks(int code, String command, String version) throws IOException {
    PluginSkeleton.Answer answer = call(command, version, nobody());

    assertThat(answer.exitCode()).isEqualTo(1);
    assertThat(json(answer).path("code").asInt()).as(answer.stdout()).isEqualTo(code);
  }
}
