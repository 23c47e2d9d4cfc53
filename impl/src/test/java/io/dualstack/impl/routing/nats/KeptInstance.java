package io.dualstack.impl.routing.nats;

import io.dualstack.impl.jvm.OwnJvm;
import io.dualstack.net.IpAddress;
import io.dualstack.routing.DirectIpv6;
import io.dualstack.routing.NatsServer;
import io.dualstack.routing.RegistrarConfig;
import io.dualstack.routing.RouteAudience;
import io.dualstack.routing.RouteHost;
import io.dualstack.routing.RouteMessage;
import io.dualstack.routing.RouteRegistration;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A registrar in a virtual machine of its own, which keeps an instance registered. */
final class KeptInstance implements AutoCloseable {
  private final Process process;

  private KeptInstance(Process process) {
    this.process = process;
  }

  /** Starts one, for an audience of a NATS server. */
  static KeptInstance start(String server, RouteAudience audience) throws IOException {
    List<String> command = OwnJvm.command(KeptInstance.class, List.of(server, audience.name()));
    return new KeptInstance(
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start());
  }

  /** Ends it as a machine that loses power does. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    if (!process.waitFor(10, TimeUnit.SECONDS)) {
      throw new IllegalStateException("the registrar can't be killed");
    }
  }

  @Override
  public void close() throws InterruptedException {
    kill();
  }

  /** Keeps it registered until somebody ends this. */
  public static void main(String[] arguments) throws Exception {
    RegistrarConfig config =
        RegistrarConfig.of(List.of(NatsServer.parse(arguments[0])))
            .withUser("registrar", "p@ss:w%20rd")
            .withDirectIpv6();
    try (NatsRegistrar registrar = NatsRegistrar.open(config)) {
      registrar.put(
          "kept",
          new RouteRegistration(
              RouteAudience.valueOf(arguments[1]),
              RouteMessage.to(RouteHost.parse("10.0.1.5"), List.of("a.example.com")).build(),
              new DirectIpv6(IpAddress.parse("2001:db8::7"), 0, 0)));
      // Until the test ends, however it does.
      int end = System.in.read();
      System.exit(end == -1 ? 0 : 1);
    }
  }
}
