package io.dualstack.impl.cell;

import io.dualstack.impl.routing.InstalledServer;
import io.dualstack.testkit.lab.LabHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** HAProxy on a router of the platform; the lab ends it. */
final class RouterProxy {
  private static final String BEFORE =
      """
      defaults
        mode tcp
        timeout connect 2s
        timeout client 60s
        timeout server 60s
      """;

  private final LabHost router;
  private final Path configuration;
  private final Path pid;

  RouterProxy(LabHost router, Path folder) {
    this.router = router;
    this.configuration = folder.resolve("haproxy.cfg");
    this.pid = folder.resolve("haproxy.pid");
  }

  /**
   * Serves these routes. Returns when it listens; the one before, if there was one, ends when its
   * last connection does.
   */
  void serve(String routes) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(InstalledServer.find("haproxy"));
    command.addAll(List.of("-D", "-p", pid.toString()));
    command.addAll(List.of("-f", Files.writeString(configuration, BEFORE + routes).toString()));
    if (Files.exists(pid)) {
      command.add("-sf");
      command.addAll(Files.readAllLines(pid));
    }
    String ignored = router.run(command.toArray(String[]::new));
    assert ignored.lines().noneMatch(line -> line.contains("ALERT")) : ignored;
  }
}
