package io.dualstack.impl.routing.nats;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.impl.http.TestAuthority;
import io.dualstack.testkit.lab.Lab;
import io.dualstack.testkit.lab.LabExtension;
import io.dualstack.testkit.lab.LabHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A real NATS server by a name with addresses of both families, of which one does not work. */
@ExtendWith(LabExtension.class)
class NatsNamesIT {
  private static final String NAME = "nats.example";
  private static final String IPV4 = "172.31.0.1";
  private static final String IPV6 = "2001:db8:ff::1";

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "172.31.0.1, none",
    "2001:db8:ff::1, none",
    "::, ipv4",
    "::, ipv6",
  })
  void a_registrar_connects_by_the_family_that_works(String listened, String lost, Lab lab)
      throws Exception {
    LabHost machine = lab.host("nats");
    LabHost cell = lab.host("cell");
    lose(lost, machine);

    try (NatsProcess nats = machine.call(() -> NatsProcess.start(folder, listened))) {
      assertThat(RegistrarProcess.run(cell, names(IPV4, IPV6), NAME + ":" + nats.port()))
          .isEqualTo("connected");
    }
  }

  /** Whether the first address is refused or lost; the certificate is for the name alone. */
  @ParameterizedTest
  @CsvSource({
    "2001:db8:ff::1, none, 172.31.0.1, 2001:db8:ff::1",
    "172.31.0.1, none, 2001:db8:ff::1, 172.31.0.1",
    "::, ipv4, 172.31.0.1, 2001:db8:ff::1",
    "::, ipv6, 2001:db8:ff::1, 172.31.0.1",
  })
  void by_tls_the_name_is_checked_at_the_address_behind_a_dead_one(
      String listened, String lost, String first, String second, Lab lab) throws Exception {
    LabHost machine = lab.host("nats");
    LabHost cell = lab.host("cell");
    TestAuthority authority = TestAuthority.in(folder, "authority");
    TestAuthority.Identity server = authority.issue("server", NAME);
    lose(lost, machine);

    try (NatsProcess nats =
        machine.call(() -> NatsProcess.startTls(folder, listened, authority, server, false))) {
      assertThat(
              RegistrarProcess.run(
                  cell,
                  names(first, second),
                  NAME + ":" + nats.port(),
                  authority.certificate().toString()))
          .isEqualTo("connected");
    }
  }

  private Path names(String first, String second) throws IOException {
    return Files.writeString(
        folder.resolve("hosts"), "%s %s\n%s %s\n".formatted(first, NAME, second, NAME));
  }

  private static void lose(String family, LabHost machine) {
    if (!family.equals("none")) {
      machine.run("nft", "add table inet lab");
      machine.run(
          "nft", "add chain inet lab input { type filter hook input priority 0; policy accept; }");
      machine.run(
          "nft", "add rule inet lab input meta nfproto " + family + " meta l4proto tcp drop");
    }
  }
}
