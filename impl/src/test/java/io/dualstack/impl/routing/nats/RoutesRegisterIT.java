package io.dualstack.impl.routing.nats;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.impl.cell.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code routes register} as operators run it, with a real NATS server and a router behind it. */
class RoutesRegisterIT {
  @TempDir private Path folder;

  private Process register(NatsProcess nats, String address) throws IOException {
    Path script =
        Files.writeString(
            folder.resolve("check"), "#!/bin/sh\ntest ! -e " + folder.resolve("unhealthy") + "\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    Path config =
        Files.writeString(
            folder.resolve("registrar.json"),
            """
            {"message_bus_servers": [{"host": "%s:%d", "user": "registrar", "password": "p@ss:w%%20rd"}],
             "host": "2001:db8::9", "availability_zone": "z1", "routes": [
              {"name": "checked", "port": 8080, "uris": ["a.example.com"], "registration_interval": "1s",
               "health_check": {"name": "h", "script_path": "%s", "timeout": "900ms"}}]}
            """
                .formatted(address, nats.port(), script));
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-jar",
                System.getProperty("dualstack.jar"),
                "routes",
                "register",
                "--config",
                config.toString())
            .redirectErrorStream(true)
            .start();
    assertThat(Programs.until(process, "routes: "))
        .isEqualTo("routes: 1 by NATS at %s:%d".formatted(address, nats.port()));
    return process;
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "[::1]"})
  void a_route_is_registered_while_it_is_healthy_and_until_the_end(String address)
      throws Exception {
    try (NatsProcess nats = NatsProcess.start(folder, address);
        NatsRouter router = new NatsRouter(nats, address.replaceAll("[\\[\\]]", ""))) {
      Process registrar = register(nats, address);
      try {
        String told = router.await("register");
        assertThat(told)
            .matches(
                "register \\{\"uris\":\\[\"a\\.example\\.com\"],\"host\":\"\\[2001:db8::9]\",\"port\":8080,"
                    + "\"tags\":null,\"private_instance_id\":\"[0-9a-f-]{36}\",\"availability_zone\":\"z1\"}");
        assertThat(router.await("register")).isEqualTo(told);
        assertThat(router.addresses()).containsExactly("[2001:db8::9]:8080");

        Path unhealthy = Files.createFile(folder.resolve("unhealthy"));
        assertThat(router.await("unregister")).isEqualTo("un" + told);
        Files.delete(unhealthy);
        assertThat(router.await("register")).isEqualTo(told);

        Programs.end(registrar);
        assertThat(router.await("unregister")).isEqualTo("un" + told);
        router.connection.flush(Duration.ofSeconds(5));
        assertThat(router.heard).isEmpty();
        assertThat(router.registry.size()).isZero();
      } finally {
        registrar.destroyForcibly();
      }
    }
  }

  @Test
  void nobody_is_greeted_and_a_nats_that_was_away_is_told_as_soon_as_it_is_back() throws Exception {
    try (NatsProcess nats = NatsProcess.start(folder, "127.0.0.1")) {
      nats.kill();
      Process registrar = register(nats, "127.0.0.1");
      try {
        nats.start();
        try (NatsRouter router = new NatsRouter(nats, "127.0.0.1")) {
          AtomicBoolean greeted = new AtomicBoolean();
          router
              .connection
              .createDispatcher()
              .subscribe("router.greet", message -> greeted.set(true));
          router.await("register");
          router.await("register");
          Programs.end(registrar);
          router.await("unregister");
          router.connection.flush(Duration.ofSeconds(5));
          assertThat(greeted).isFalse();
        }
      } finally {
        registrar.destroyForcibly();
      }
    }
  }
}
