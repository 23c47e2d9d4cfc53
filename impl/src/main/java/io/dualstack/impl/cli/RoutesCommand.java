package io.dualstack.impl.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.Diagnostic;
import io.dualstack.InvalidConfigurationException;
import io.dualstack.RouteRefusedException;
import io.dualstack.Severity;
import io.dualstack.impl.routing.WireRouteFormats;
import io.dualstack.impl.routing.registrar.RegisterConfig;
import io.dualstack.impl.routing.registrar.RegisterService;
import io.dualstack.routing.HaproxyConfiguration;
import io.dualstack.routing.HaproxyOptions;
import io.dualstack.routing.NatsServer;
import io.dualstack.routing.RouteFormats;
import io.dualstack.routing.TcpRoute;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code dualstack routes}. */
@Command(
    name = "routes",
    description = "Routes to instances.",
    mixinStandardHelpOptions = true,
    subcommands = {RoutesCommand.Render.class, RoutesCommand.Register.class})
final class RoutesCommand extends CommandGroup {
  /** {@code dualstack routes render}. */
  @Command(
      name = "render",
      description = {
        "Shows routes of TCP as frontends and backends of HAProxy, as the TCP router writes them.",
        "What can't be written is told on standard error."
      },
      mixinStandardHelpOptions = true,
      footer = "dualstack routes render --routes routes.json --dual-stack-frontends")
  static final class Render implements Callable<Integer> {
    @Mixin private OutputOptions output;
    @Spec private CommandSpec command;

    @Option(
        names = "--routes",
        paramLabel = "FILE",
        required = true,
        description = "JSON of a routing API: an array of routes.")
    private Path routes = Path.of("");

    @Option(
        names = "--dual-stack-frontends",
        description = "Listen on IPv6 too; otherwise on IPv4 alone.")
    private boolean dualStack;

    @Option(
        names = "--backend-ca-file",
        paramLabel = "FILE",
        defaultValue = "",
        description = "Reach backends by TLS where they have it, with these authorities.")
    private String caFile = "";

    @Option(
        names = "--backend-certificate-file",
        paramLabel = "FILE",
        defaultValue = "",
        description = "Show backends this certificate.")
    private String certificateFile = "";

    @Override
    public Integer call() {
      RouteFormats formats = new WireRouteFormats();
      HaproxyConfiguration written = formats.haproxy(parsed(formats), options());
      if (output.isJson()) {
        ObjectNode node = Json.object().put("haproxy", written.text());
        ArrayNode warnings = node.putArray("warnings");
        written.warnings().forEach(warning -> warnings.add(Json.of(warning)));
        output.print(node);
      } else {
        written.warnings().forEach(warning -> output.err().println(warning));
        output.err().flush();
        output.out().print(written.text());
        output.out().flush();
      }
      return 0;
    }

    private List<TcpRoute> parsed(RouteFormats formats) {
      try {
        return formats.parseTcpRoutes(read());
      } catch (RouteRefusedException e) {
        throw new InvalidConfigurationException(
            List.of(
                new Diagnostic(
                    Severity.ERROR,
                    routes.toString(),
                    "",
                    0,
                    0,
                    "RouteRefused",
                    String.valueOf(e.getMessage()))));
      }
    }

    private HaproxyOptions options() {
      try {
        return new HaproxyOptions(dualStack, caFile, certificateFile);
      } catch (IllegalArgumentException e) {
        throw new ParameterException(command.commandLine(), String.valueOf(e.getMessage()));
      }
    }

    private byte[] read() {
      try {
        return Files.readAllBytes(routes);
      } catch (IOException e) {
        throw new UncheckedIOException(routes.toString(), e);
      }
    }
  }

  /** {@code dualstack routes register}. */
  @Command(
      name = "register",
      description = {
        "Registers routes of HTTP by NATS while their health checks say so, as the route registrar",
        "does, until it is asked to end; then they are taken back."
      },
      mixinStandardHelpOptions = true,
      footer = "dualstack routes register --config registrar_settings.json")
  static final class Register implements Callable<Integer> {
    @Mixin private ConfigOption option;

    @Override
    public Integer call() {
      RegisterConfig config = RegisterConfig.read(option.file());
      option.warn(config.warnings());
      try (Termination termination = new Termination();
          RegisterService service = RegisterService.start(config)) {
        assert service != null;
        option.say(
            "routes: %d by NATS at %s"
                .formatted(
                    config.routes().size(),
                    config.nats().servers().stream()
                        .map(NatsServer::toString)
                        .collect(Collectors.joining(", "))));
        termination.asked().join();
      }
      return 0;
    }
  }
}
