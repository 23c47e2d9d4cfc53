package io.dualstack.impl.routing.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.impl.routing.InstalledServer;
import io.dualstack.routing.HaproxyConfiguration;
import io.dualstack.routing.HaproxyOptions;
import io.dualstack.routing.TcpRoute;
import io.dualstack.testkit.lab.LabHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A real HAProxy on a machine of a lab, which reads what is written for it. */
final class InstalledHaproxy {
  private static final String BEFORE =
      """
      global
        maxconn 100
      defaults
        timeout connect 2s
        timeout client 10s
        timeout server 10s
      """;

  private final String program = InstalledServer.find("haproxy");
  private final LabHost machine;
  private final Path folder;

  InstalledHaproxy(LabHost machine, Path folder) {
    this.machine = machine;
    this.folder = folder;
  }

  /** Returns the file of routes that are all written. */
  private Path file(List<TcpRoute> routes, HaproxyOptions options) throws IOException {
    HaproxyConfiguration written = HaproxyFormat.write(routes, options);
    assertThat(written.warnings()).isEmpty();
    return Files.writeString(folder.resolve("haproxy.cfg"), BEFORE + written.text());
  }

  /** Checks the configuration, and returns what HAProxy says of it. */
  String check(List<TcpRoute> routes, HaproxyOptions options) throws IOException {
    return machine.run(program, "-c", "-f", file(routes, options).toString());
  }

  /** Serves the routes; it goes into the background once it listens, and the lab ends it. */
  void serve(List<TcpRoute> routes, HaproxyOptions options) throws IOException {
    machine.run(program, "-D", "-f", file(routes, options).toString());
  }
}
