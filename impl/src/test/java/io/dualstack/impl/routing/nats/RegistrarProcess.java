package io.dualstack.impl.routing.nats;

import io.dualstack.impl.jvm.OwnJvm;
import io.dualstack.routing.NatsServer;
import io.dualstack.routing.NatsTls;
import io.dualstack.routing.RegistrarConfig;
import io.dualstack.testkit.lab.LabHost;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A registrar in a virtual machine of its own, on a machine of a lab, with names of a test's own.
 */
final class RegistrarProcess {

  private static final int PATIENCE_SECONDS = 60;

  private RegistrarProcess() {}

  /**
   * Runs one until it is connected, and returns what it says of that.
   *
   * @param arguments the server, and for TLS the file of its authority
   */
  static String run(LabHost machine, Path names, String... arguments) throws IOException {
    List<String> command =
        OwnJvm.command(
            List.of("-Djdk.net.hosts.file=" + names), RegistrarProcess.class, List.of(arguments));
    Process process =
        machine.call(
            () ->
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start());
    try {
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    } finally {
      process.destroyForcibly();
    }
  }

  /** Says whether it got a connection, and ends. */
  public static void main(String[] arguments) throws Exception {
    RegistrarConfig config =
        RegistrarConfig.of(List.of(NatsServer.parse(arguments[0])))
            .withUser("registrar", "p@ss:w%20rd");
    if (arguments.length > 1) {
      config = config.withTls(NatsTls.trusting(Path.of(arguments[1])));
    }
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    try (NatsRegistrar registrar = NatsRegistrar.open(config)) {
      while (!registrar.isConnected() && System.nanoTime() < deadline) {
        // The server and the client have better use for the processor.
        TimeUnit.MILLISECONDS.sleep(5);
      }
      System.out.println(registrar.isConnected() ? "connected" : "not connected");
    }
  }
}
