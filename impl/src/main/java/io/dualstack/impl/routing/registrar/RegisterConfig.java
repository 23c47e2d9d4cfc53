package io.dualstack.impl.routing.registrar;

import io.dualstack.Diagnostic;
import io.dualstack.impl.config.JsonConfig;
import io.dualstack.routing.NatsServer;
import io.dualstack.routing.NatsTls;
import io.dualstack.routing.RegistrarConfig;
import io.dualstack.routing.RouteHost;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a configuration file of the route registrar says, with the original's keys.
 *
 * @param nats where routers are told
 * @param routes what they are told of
 * @param availabilityZone of all backends; empty where nothing is said
 * @param unregistrations how often an unhealthy backend is taken back
 * @param warnings what is accepted but probably not meant
 */
public record RegisterConfig(
    RegistrarConfig nats,
    List<ServedRoute> routes,
    String availabilityZone,
    int unregistrations,
    List<Diagnostic> warnings) {

  private static final NatsServer NOWHERE = NatsServer.parse("nowhere.invalid:4222");

  /** Copies the lists. */
  public RegisterConfig {
    routes = List.copyOf(routes);
    warnings = List.copyOf(warnings);
  }

  /**
   * Reads a file.
   *
   * @throws java.io.UncheckedIOException if it can't be read
   * @throws io.dualstack.InvalidConfigurationException with all faults in it
   */
  public static RegisterConfig read(Path file) {
    JsonConfig config = JsonConfig.read(file);
    // Of routes of TCP, which are refused.
    config.passOver("routing_api");
    if (config.has("dynamic_config_globs")
        && !config.optionalTexts("dynamic_config_globs").isEmpty()) {
      config.fault(
          "dynamic_config_globs",
          "ConfigValueUnsupported",
          "files that come and go are not read; put their routes among these");
    }
    String zone = config.optionalText("availability_zone").orElse("");
    int unregistrations =
        config.number(
            "unregistration_message_limit",
            1,
            Integer.MAX_VALUE,
            RegistrarConfig.DEFAULT_UNREGISTRATIONS);
    @Nullable RouteHost host = config.optionalParsed("host", RouteHost::parse).orElse(null);
    List<ServedRoute> routes =
        config.objects("routes").stream().flatMap(route -> RouteReader.read(route, host)).toList();
    RegistrarConfig nats = nats(config);
    return config.finish(
        "routes", () -> new RegisterConfig(nats, routes, zone, unregistrations, config.warnings()));
  }

  private static RegistrarConfig nats(JsonConfig config) {
    List<NatsServer> servers = new ArrayList<>();
    List<String> users = new ArrayList<>();
    List<String> passwords = new ArrayList<>();
    for (JsonConfig server : config.objects("message_bus_servers")) {
      servers.add(server.parsed("host", NatsServer::parse, NOWHERE));
      users.add(server.optionalText("user").orElse(""));
      passwords.add(server.optionalText("password").orElse(""));
    }
    if (servers.isEmpty()) {
      config.fault("message_bus_servers", "ConfigValueMissing", "names none; give one or more");
      servers.add(NOWHERE);
    }
    if (Stream.of(users, passwords).anyMatch(each -> each.stream().distinct().count() > 1)) {
      config.fault(
          "message_bus_servers",
          "ConfigValueUnsupported",
          "users or passwords differ; give all servers the same");
    }
    RegistrarConfig plain = RegistrarConfig.of(servers);
    RegistrarConfig named =
        users.isEmpty() || users.get(0).isEmpty()
            ? plain
            : plain.withUser(users.get(0), passwords.get(0));
    return config
        .object("nats_mtls_config")
        .filter(tls -> tls.flag("enabled").orElse(false))
        .map(tls -> named.withTls(tls(tls)))
        .orElse(named);
  }

  private static NatsTls tls(JsonConfig config) {
    return new NatsTls(
        Path.of(config.text("ca_path")),
        Path.of(config.text("cert_path")),
        Path.of(config.text("key_path")));
  }
}
