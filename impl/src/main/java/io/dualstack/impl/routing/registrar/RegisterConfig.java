package io.dualstack.impl.routing.registrar;

import static io.dualstack.impl.config.ConfigKeys.REQUIRED;
import static io.dualstack.impl.config.ConfigKeys.ignored;
import static io.dualstack.impl.config.ConfigKeys.keys;

import io.dualstack.Diagnostic;
import io.dualstack.impl.config.ConfigKeys;
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
  /** All that the file may say. */
  public static final ConfigKeys KEYS =
      ConfigKeys.of(
          keys(
              "message_bus_servers[].host",
              "NATS servers, each `host:port`, IPv6 addresses in brackets",
              REQUIRED),
          keys(
              "message_bus_servers[].user, message_bus_servers[].password",
              "who logs in, the same at all",
              "nobody"),
          keys("nats_mtls_config.enabled", "NATS by TLS alone", "false"),
          keys(
              "nats_mtls_config.ca_path, nats_mtls_config.cert_path, nats_mtls_config.key_path",
              "its authority, and the certificate and key to show",
              "required with TLS"),
          keys(
              "host",
              "the backend of routes that name none: a name or an address of either family",
              "none"),
          keys("availability_zone", "told to routers", "none"),
          keys(
              "unregistration_message_limit",
              "how many times in a row a route whose check fails is taken back",
              "5"),
          keys("routes[].name", "what the log calls the route", REQUIRED),
          keys("routes[].host", "its backend", "`host`"),
          keys(
              "routes[].port, routes[].tls_port",
              "where the backend listens, without and with TLS",
              "one or both required"),
          keys("routes[].uris", "the names it is for, with or without a path", REQUIRED),
          keys("routes[].registration_interval", "how often it is told, such as `20s`", REQUIRED),
          keys("routes[].protocol", "`http1` or `http2`", "the router's"),
          keys("routes[].tags", "told to routers", "none"),
          keys("routes[].server_cert_domain_san", "the name in the backend's certificate", "none"),
          keys(
              "routes[].route_service_url",
              "an `https://` service that requests go through",
              "none"),
          keys(
              "routes[].options.loadbalancing",
              "`round-robin` or `least-connection`",
              "the router's"),
          keys(
              "routes[].health_check.name, routes[].health_check.script_path",
              "a program that ends with 0 while the backend is well",
              "no check"),
          keys(
              "routes[].health_check.timeout",
              "how long it may take, less than the interval",
              "half the interval"),
          keys(
              "dynamic_config_globs, routes[].type, routes[].allowed_sources, routes[].prepend_instance_index",
              "refused unless they ask for nothing: only routes of HTTP in this file are registered, each instance by its host alone",
              ""),
          keys(
              "routes[].router_group, routes[].external_port, routes[].sni_port, routes[].sni_routable_san, routes[].sni_rewrite_san, routes[].terminate_frontend_tls, routes[].enable_backend_tls, routes[].alpns",
              "refused: they are of routes of TCP",
              ""),
          ignored("routing_api"));

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
    JsonConfig config = JsonConfig.read(file, KEYS);
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
