package io.dualstack.impl.routing.registrar;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.routing.RouteHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a route is told and taken back, by a real script that says whether it is healthy. */
class RouteTurnTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path folder;
  private Path script;
  private final List<String> told = new ArrayList<>();
  private boolean away;

  @BeforeEach
  void a_healthy_backend() throws IOException {
    script = folder.resolve("check");
    says("exit 0");
  }

  private void says(String shell) throws IOException {
    // Never written while it may run: who runs a file that is open for writing is refused.
    Path fresh = Files.writeString(folder.resolve("fresh"), "#!/bin/sh\n" + shell + "\n");
    Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwx------"));
    Files.move(fresh, script, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
  }

  private RouteTurn turn(HealthCheck check) {
    ServedRoute route =
        new ServedRoute(
            "r",
            List.of("r.example.com"),
            RouteHost.parse("10.0.0.9"),
            "",
            80,
            0,
            null,
            "",
            "",
            "",
            Duration.ofSeconds(1),
            check);
    return new RouteTurn(
        route,
        new byte[0],
        2,
        (subject, message) -> {
          if (!away) {
            told.add(subject.replace("router.", ""));
          }
          return !away;
        });
  }

  private HealthCheck check(Duration timeout) {
    return new HealthCheck("h", script, timeout);
  }

  @Test
  void without_a_check_it_is_registered_each_time() throws InterruptedException {
    RouteTurn turn = turn(null);
    turn.look();
    turn.look();
    turn.stop();
    turn.look();

    assertThat(told).containsExactly("register", "register", "unregister");
  }

  @Test
  void an_unhealthy_backend_is_taken_back_a_few_times_until_it_is_healthy_again() throws Exception {
    RouteTurn turn = turn(check(PATIENCE));
    turn.look();
    says("exit 3");
    for (int i = 0; i < 4; i++) {
      turn.look();
    }
    says("exit 0");
    turn.look();
    says("exit 1");
    turn.look();

    assertThat(told)
        .containsExactly("register", "unregister", "unregister", "register", "unregister");
  }

  @Test
  void what_runs_too_long_or_not_at_all_is_unhealthy_and_leaves_nothing_running() throws Exception {
    Path ready = folder.resolve("ready");
    says("sleep 1000 & echo $! > " + ready + "; wait");
    RouteTurn slow = turn(check(Duration.ofSeconds(2)));
    slow.look();
    Files.delete(script);
    turn(check(PATIENCE)).look();

    assertThat(told).containsExactly("unregister", "unregister");
    long child = Long.parseLong(Files.readString(ready).strip());
    ProcessHandle.of(child).ifPresent(handle -> handle.onExit().join());
    assertThat(ProcessHandle.of(child)).isEmpty();
  }

  @Test
  void what_could_not_be_told_is_told_when_there_is_a_connection() throws Exception {
    RouteTurn turn = turn(null);
    turn.tell();
    away = true;
    turn.look();
    assertThat(told).isEmpty();

    away = false;
    turn.tell();
    assertThat(told).containsExactly("register");

    RouteTurn unhealthy = turn(check(PATIENCE));
    says("exit 1");
    away = true;
    for (int i = 0; i < 3; i++) {
      unhealthy.look();
    }
    away = false;
    for (int i = 0; i < 3; i++) {
      unhealthy.tell();
    }
    assertThat(told).containsExactly("register", "unregister", "unregister");
  }
}
