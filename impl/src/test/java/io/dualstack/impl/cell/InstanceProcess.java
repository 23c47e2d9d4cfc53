package io.dualstack.impl.cell;

import io.dualstack.testkit.lab.LabHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The process of an instance in its container: OpenSSL, which serves TLS by IPv6 alone with the
 * instance's certificate and key.
 */
final class InstanceProcess implements AutoCloseable {
  private final Process process;

  private InstanceProcess(Process process) {
    this.process = process;
  }

  /** Starts it with an environment and no variable beside it, and waits until it listens. */
  static InstanceProcess start(
      LabHost container, Map<String, String> environment, Path credentials, int port)
      throws IOException {
    ProcessBuilder server =
        new ProcessBuilder(
                "openssl",
                "s_server",
                "-6",
                "-accept",
                Integer.toString(port),
                "-cert",
                credentials.resolve("instance.crt").toString(),
                "-key",
                credentials.resolve("instance.key").toString())
            .redirectErrorStream(true);
    server.environment().clear();
    server.environment().putAll(environment);
    InstanceProcess started = new InstanceProcess(container.call(server::start));
    Programs.until(started.process, "ACCEPT");
    return started;
  }

  /** The variables that the kernel says it has. */
  Map<String, String> environment() throws IOException {
    String variables = Files.readString(Path.of("/proc/" + process.pid() + "/environ"));
    return Arrays.stream(variables.split("\0", -1))
        .filter(variable -> !variable.isEmpty())
        .map(variable -> variable.split("=", 2))
        .collect(Collectors.toMap(variable -> variable[0], variable -> variable[1]));
  }

  @Override
  public void close() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }
}
