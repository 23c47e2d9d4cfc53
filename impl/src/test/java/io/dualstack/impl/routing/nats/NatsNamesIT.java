package io.dualstack.impl.routing.nats;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.testkit.lab.Lab;
import io.dualstack.testkit.lab.LabExtension;
import io.dualstack.testkit.lab.LabHost;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A real NATS server by a name with addresses of both families, of which one does not work. */
@ExtendWith(LabExtension.class)
class NatsNamesIT {
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
    Path names =
        Files.writeString(
            folder.resolve("hosts"), "172.31.0.1 nats.example\n2001:db8:ff::1 nats.example\n");
    if (!lost.equals("none")) {
      machine.run("nft", "add table inet lab");
      machine.run(
          "nft", "add chain inet lab input { type filter hook input priority 0; policy accept; }");
      machine.run("nft", "add rule inet lab input meta nfproto " + lost + " meta l4proto tcp drop");
    }

    try (NatsProcess nats = machine.call(() -> NatsProcess.start(folder, listened))) {
      assertThat(RegistrarProcess.run(cell, names, "nats.example:" + nats.port()))
          .isEqualTo("connected");
    }
  }
}
