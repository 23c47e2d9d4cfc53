package io.dualstack.impl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dualstack.impl.http.MutualTls;
import io.dualstack.impl.http.RemoteService;
import io.dualstack.impl.http.TestAuthority;
import io.dualstack.impl.http.TestAuthority.Identity;
import io.dualstack.impl.policy.http.PolicyServerClient;
import io.dualstack.impl.store.postgresql.PostgresServer;
import io.dualstack.policy.PolicyGroup;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code policies serve} as operators run it, killed and started again. */
class PoliciesServeIT {

  @TempDir private Path folder;

  @Test
  void what_was_answered_is_there_after_a_kill() throws Exception {
    assertKept("sqlite:" + folder.resolve("policies.db"));
  }

  @Test
  void what_was_answered_is_in_the_database_of_a_server_after_a_kill() throws Exception {
    assertKept(PostgresServer.shared().empty());
  }

  private void assertKept(String store) throws Exception {
    TestAuthority authority = TestAuthority.in(folder, "ca");
    Identity server = authority.issue("server");
    Identity cell = authority.issue("cell");
    Path config =
        Files.writeString(
            folder.resolve("config.json"),
            """
            {"listen_host": "127.0.0.1", "internal_listen_port": 0, "store": "%s",
             "ca_cert_file": "%s", "server_cert_file": "%s", "server_key_file": "%s"}
            """
                .formatted(store, authority.certificate(), server.certificate(), server.key()));
    MutualTls tls =
        MutualTls.read(
            authority.certificate(),
            cell.certificate(),
            cell.key(),
            new MutualTls.Names("ca", "certificate", "key"));

    ChildProcess first = serve(config);
    PolicyServerClient client = client(first, tls);
    PolicyGroup router = client.tag("INGRESS_ROUTER", "router");
    PolicyGroup app = client.tag("app", "app");
    first.kill();

    ChildProcess second = serve(config);
    try {
      assertThat(client(second, tls).tag("app", "app")).isEqualTo(app);
      assertThat(client(second, tls).tag("INGRESS_ROUTER", "router")).isEqualTo(router);
    } finally {
      second.kill();
    }
  }

  private ChildProcess serve(Path config) throws Exception {
    return ChildProcess.start(folder, "policies", "serve", "--json", "--config", config.toString());
  }

  private static PolicyServerClient client(ChildProcess process, MutualTls tls) throws Exception {
    while (!process.output().contains("\n}")) {
      assertThat(process.isAlive()).as(process.output()).isTrue();
      Thread.onSpinWait();
    }
    // The pool and the migrations may have logged something before.
    String output = process.output();
    JsonNode said = new ObjectMapper().readTree(output.substring(output.indexOf("{\n")));
    assertThat(said.path("security_group_sync").booleanValue()).isFalse();
    assertThat(said.has("external_port")).isFalse();
    return new PolicyServerClient(
        RemoteService.of(
            URI.create("https://127.0.0.1:" + said.path("internal_port").intValue()),
            Duration.ofSeconds(60),
            tls));
  }
}
