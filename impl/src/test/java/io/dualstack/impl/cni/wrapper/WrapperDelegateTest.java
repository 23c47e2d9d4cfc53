package io.dualstack.impl.cni.wrapper;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.dualstack.impl.cni.protocol.PluginSkeleton;
import io.dualstack.impl.kernel.Namespace;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How an executable that the plugin delegates to is called about no container. */
class WrapperDelegateTest {
  private static final String VALID =
      ", \"cni.dev/valid-attachments\": [{\"containerID\": \"c1\", \"ifname\": \"eth0\"}]";

  @TempDir private Path directory;
  private final PluginSkeleton plugin =
      new PluginSkeleton(new WrapperPlugin(Namespace.own(), Map.of()));

  @BeforeEach
  void a_delegate_that_keeps_what_it_is_told() throws IOException {
    script("env | grep ^CNI_ | sort > %1$s/environment; cat > %1$s/input".formatted(directory));
  }

  private void script(String text) throws IOException {
    Path file = Files.writeString(directory.resolve("other"), "#!/bin/sh\n" + text + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  private PluginSkeleton.Answer call(String command, String delegateVersion, String more) {
    String config =
        """
        {"cniVersion": "1.1.0", "name": "net", "type": "cni-wrapper-plugin",
         "datastore": "%1$s/store.json", "iptables_lock_file": "%1$s/lock",
         "instance_address": "10.0.0.1", "underlay_ips": ["10.0.0.1"],
         "temporary_underlay_interface_names": ["eth0"], "ingress_tag": "ffff0000",
         "vtep_name": "silk-vtep", "iptables_denied_logs_per_sec": 1,
         "iptables_accepted_udp_logs_per_sec": 1,
         "outbound_connections": {"burst": 100, "rate_per_sec": 10},
         "delegate": {"type": "other", "cniVersion": "%2$s"}%3$s}
        """
            .formatted(directory, delegateVersion, more);
    return plugin.serve(
        Map.of("CNI_COMMAND", command, "CNI_PATH", directory.toString()),
        new ByteArrayInputStream(config.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void gc_tells_it_who_is_valid_and_names_no_container() throws IOException {
    PluginSkeleton.Answer answer = call("GC", "1.1.0", VALID);

    assertThat(answer.exitCode()).as(answer.stdout()).isZero();
    assertThat(Files.readAllLines(directory.resolve("environment")))
        .containsExactly("CNI_ARGS=", "CNI_COMMAND=GC", "CNI_PATH=" + directory);
    assertThat(
            new ObjectMapper()
                .readTree(directory.resolve("input").toFile())
                .at("/cni.dev~1valid-attachments/0/containerID")
                .asText())
        .isEqualTo("c1");
  }

  @Test
  void status_is_what_it_says() throws IOException {
    assertThat(call("STATUS", "1.1.0", "").exitCode()).isZero();
    assertThat(directory.resolve("environment")).content().contains("CNI_COMMAND=STATUS");

    script("echo '{\"code\": 50, \"msg\": \"no addresses left\"}'; exit 1");
    PluginSkeleton.Answer answer = call("STATUS", "1.1.0", "");

    assertThat(answer.exitCode()).isEqualTo(1);
    assertThat(answer.stdout()).contains("\"code\": 50", "no addresses left");
  }

  @Test
  void one_of_a_version_without_these_commands_is_not_asked() {
    assertThat(call("GC", "1.0.0", VALID).exitCode()).isZero();
    assertThat(call("STATUS", "1.0.0", "").exitCode()).isZero();

    assertThat(directory.resolve("environment")).doesNotExist();
  }
}
