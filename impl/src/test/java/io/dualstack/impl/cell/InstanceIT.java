package io.dualstack.impl.cell;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.Dualstack;
import io.dualstack.firewall.Service;
import io.dualstack.impl.golden.GoldenFiles;
import io.dualstack.impl.routing.nats.NatsProcess;
import io.dualstack.impl.workload.identity.AuthorityFiles;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.Protocol;
import io.dualstack.routing.EndpointRegistry;
import io.dualstack.routing.EndpointRegistryConfig;
import io.dualstack.routing.HaproxyOptions;
import io.dualstack.routing.NatsServer;
import io.dualstack.routing.RegistrarConfig;
import io.dualstack.routing.RouteEndpoint;
import io.dualstack.routing.RouteHost;
import io.dualstack.routing.RouteMessage;
import io.dualstack.routing.RouteRegistrar;
import io.dualstack.routing.RouteRegistration;
import io.dualstack.routing.RouterStart;
import io.dualstack.routing.TcpRoute;
import io.dualstack.testkit.lab.Attempt;
import io.dualstack.testkit.lab.Lab;
import io.dualstack.testkit.lab.LabExtension;
import io.dualstack.testkit.lab.LabHost;
import io.dualstack.testkit.lab.Listener;
import io.dualstack.testkit.lab.Outcome;
import io.dualstack.workload.CredentialKeeper;
import io.dualstack.workload.EnvironmentOptions;
import io.dualstack.workload.IdentityConfig;
import io.dualstack.workload.InstanceIdentity;
import io.dualstack.workload.InstanceRecord;
import io.dualstack.workload.NetInfo;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * One instance from its place on a cell to the client that reaches it: environment, certificate,
 * registration by NATS, a route of TCP through HAProxy, and what operators see of it.
 */
@ExtendWith(LabExtension.class)
class InstanceIT {
  private static final String NAME = "a.example.com";
  private static final String GUID = "cbd5a3ae-4ce4-4a5b-70b1-3c5a";
  private static final int ROUTE_PORT = 1024;
  @TempDir private Path folder;

  @Test
  void an_instance_is_told_named_registered_routed_and_shown_by_ipv6(Lab lab) throws Exception {
    LabHost client = lab.host("client");
    LabHost router = lab.host("router");
    try (Dualstack dualstack = open();
        PlacedInstance instance = new PlacedInstance(dualstack, lab, router, folder, true)) {
      NetInfo info = instance.info;
      String own = info.ipv6().orElseThrow().toString();
      Map<String, String> outputs = outputs(dualstack, client, info);

      assertThat(outputs.get("environment")).contains("CF_INSTANCE_INTERNAL_IPV6=" + own + "\n");
      assertThat(outputs.get("certificate"))
          .isEqualTo("%s\n%s\n%s\n".formatted(GUID, info.instanceAddress(), own));
      assertThat(outputs.get("instances")).contains(info.instanceAddress() + "", own);
      assertThat(outputs.get("messages"))
          .contains("\"host\":\"[" + own + "]\",\"port\":" + PlacedInstance.PORT);

      // The application listens by IPv6 alone, so whoever reaches it came by IPv6.
      try (Listener application =
          instance.container.listen(
              info.ipv6().orElseThrow(), Service.port(Protocol.TCP, PlacedInstance.PORT))) {
        new RouterProxy(router, folder).serve(outputs.get("haproxy"));
        for (IpFamily family : IpFamily.values()) {
          Attempt attempt = client.attempt(router.address(family), tcp(ROUTE_PORT));
          assertThat(attempt).as("by %s", family).isEqualTo(answered(router, IpFamily.IPV6));
        }
        assertThat(application.arrived()).isEqualTo(2);
        assertThat(client.attempt(info.ipv6().orElseThrow(), tcp(PlacedInstance.PORT)).outcome())
            .as("a connection past the router")
            .isNotEqualTo(Outcome.ANSWERED);
      }
    }
  }

  @Test
  void its_process_has_the_environment_and_proves_the_ipv6_address_by_tls(Lab lab)
      throws Exception {
    LabHost router = lab.host("router");
    AuthorityFiles authority = AuthorityFiles.in(folder, "EC", true);
    try (Dualstack dualstack = open();
        PlacedInstance instance = new PlacedInstance(dualstack, lab, router, folder, true);
        CredentialKeeper keeper = keep(dualstack, authority, instance.info)) {
      assertThat(keeper.current().certificates()).isNotEmpty();
      Map<String, String> rendered =
          dualstack.workloadFormats().environment(instance.info, new EnvironmentOptions(true));
      try (InstanceProcess process =
          InstanceProcess.start(instance.container, rendered, credentials(), PlacedInstance.PORT)) {
        Map<String, String> environment = process.environment();
        assertThat(environment)
            .isEqualTo(rendered)
            .containsOnlyKeys(
                "CF_INSTANCE_IP",
                "CF_INSTANCE_INTERNAL_IP",
                "CF_INSTANCE_INTERNAL_IPV6",
                "CF_INSTANCE_PORT",
                "CF_INSTANCE_ADDR",
                "CF_INSTANCE_PORTS",
                "CF_INSTANCE_PORT_IPV6",
                "CF_INSTANCE_ADDR_IPV6",
                "CF_INSTANCE_PORTS_IPV6");

        String endpoint = environment.get("CF_INSTANCE_ADDR_IPV6");
        for (String own : List.of("CF_INSTANCE_INTERNAL_IPV6", "CF_INSTANCE_INTERNAL_IP")) {
          assertThat(connect(router, endpoint, environment.get(own), authority))
              .contains("subject=OU=app:app,CN=" + GUID, "Verify return code: 0 (ok)");
        }
        String another = router.address(IpFamily.IPV6).toString();
        assertThatThrownBy(() -> connect(router, endpoint, another, authority))
            .hasMessageContaining("IP address mismatch");
      }
    }
  }

  /** What a client says that checks the address in the certificate. */
  private static String connect(
      LabHost client, String endpoint, String address, AuthorityFiles authority) {
    return client.run(
        "openssl",
        "s_client",
        "-connect",
        endpoint,
        "-verify_ip",
        address,
        "-verify_return_error",
        "-nameopt",
        "sep_comma_plus,sname",
        "-CAfile",
        authority.certificate().toString());
  }

  @Test
  void without_ipv6_all_of_it_is_what_it_was(Lab lab) throws Exception {
    LabHost client = lab.host("client");
    LabHost router = lab.host("router");
    try (Dualstack dualstack = open();
        PlacedInstance instance = new PlacedInstance(dualstack, lab, router, folder, false)) {
      NetInfo info = instance.info;

      Map<String, String> outputs = outputs(dualstack, client, info);

      GoldenFiles.of("instance")
          .assertMatch(
              outputs.entrySet().stream()
                  .collect(
                      Collectors.toMap(
                          output -> output.getKey() + ".txt",
                          output -> anonymous(output.getValue(), info))));
      try (Listener application =
          instance.container.listen(
              info.instanceAddress(), Service.port(Protocol.TCP, PlacedInstance.PORT))) {
        new RouterProxy(router, folder).serve(outputs.get("haproxy"));
        assertThat(client.attempt(router.address(IpFamily.IPV4), tcp(ROUTE_PORT)))
            .isEqualTo(answered(router, IpFamily.IPV4));
        assertThat(application.arrived()).isEqualTo(1);
      }
    }
  }

  private Dualstack open() {
    return Dualstack.builder().store("sqlite:" + folder.resolve("leases.db")).build();
  }

  private static Service tcp(int port) {
    return Service.port(Protocol.TCP, port);
  }

  private static Attempt answered(LabHost from, IpFamily family) {
    return new Attempt(Outcome.ANSWERED, Optional.of(from.address(family)));
  }

  /** All that is said of an instance, in the order in which it happens. */
  private Map<String, String> outputs(Dualstack dualstack, LabHost operator, NetInfo info)
      throws Exception {
    Map<String, String> outputs = new LinkedHashMap<>();
    outputs.put(
        "environment",
        dualstack
            .workloadFormats()
            .environment(info, EnvironmentOptions.DEFAULT)
            .entrySet()
            .stream()
            .map(variable -> variable + "\n")
            .collect(Collectors.joining()));
    outputs.put("certificate", certificate(dualstack, info));
    Registered registered = register(dualstack, info);
    outputs.put("messages", registered.messages());
    outputs.put("haproxy", haproxy(dualstack, registered.endpoint()));
    outputs.put("instances", instances(dualstack, operator, info));
    return outputs;
  }

  /** The names in the certificate that the instance finds in its folder. */
  private String certificate(Dualstack dualstack, NetInfo info) throws Exception {
    AuthorityFiles authority = AuthorityFiles.in(folder, "EC", true);
    try (CredentialKeeper keeper = keep(dualstack, authority, info);
        InputStream file = Files.newInputStream(credentials().resolve("instance.crt"))) {
      assertThat(keeper.current().privateKey()).isNotEmpty();
      X509Certificate certificate =
          (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(file);
      return certificate.getSubjectAlternativeNames().stream()
          .map(name -> shortened(String.valueOf(name.get(1))) + "\n")
          .collect(Collectors.joining());
    }
  }

  private CredentialKeeper keep(Dualstack dualstack, AuthorityFiles authority, NetInfo info) {
    return dualstack
        .identityAuthority(IdentityConfig.of(authority.certificate(), authority.key()))
        .keep(InstanceIdentity.of(GUID, List.of("app:app"), info), credentials());
  }

  private Path credentials() {
    return folder.resolve("credentials");
  }

  /** The JDK writes all groups of an IPv6 address. */
  private static String shortened(String name) {
    return IpAddress.tryParse(name).map(Object::toString).orElse(name);
  }

  /** What a router heard, and where it would send requests to: IPv6 if it can. */
  private record Registered(String messages, RouteEndpoint endpoint) {}

  private Registered register(Dualstack dualstack, NetInfo info) throws Exception {
    EndpointRegistry registry = dualstack.endpointRegistry(EndpointRegistryConfig.DEFAULT);
    BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    RouteRegistration registration =
        RouteRegistration.ofInstance(
            info,
            info.ports().get(0),
            RouteMessage.to(RouteHost.of(info.address()), List.of(NAME))
                .port(PlacedInstance.CELL_PORT)
                .instance(GUID, "0")
                .build(),
            false);
    int expected = registration.messages(true).size();
    StringBuilder messages = new StringBuilder();
    try (NatsProcess nats = NatsProcess.start(folder, "::1");
        Connection router =
            Nats.connect(
                new Options.Builder()
                    .server("nats://" + NatsServer.parse("[::1]:" + nats.port()))
                    .userInfo("registrar".toCharArray(), "p@ss:w%20rd".toCharArray())
                    .build())) {
      Dispatcher dispatcher = router.createDispatcher();
      dispatcher.subscribe(
          "router.register",
          message -> {
            registry.register(dualstack.routeFormats().parseMessage(message.getData()));
            heard.add(new String(message.getData(), UTF_8));
          });
      dispatcher.subscribe(
          "router.greet",
          message ->
              router.publish(
                  message.getReplyTo(),
                  dualstack
                      .routeFormats()
                      .start(new RouterStart("0-r", List.of("127.0.0.1"), 20, 120, Map.of()))));
      router.flush(Duration.ofSeconds(10));
      RegistrarConfig config =
          RegistrarConfig.of(List.of(NatsServer.parse("[::1]:" + nats.port())))
              .withUser("registrar", "p@ss:w%20rd");
      try (RouteRegistrar registrar =
          dualstack.routeRegistrar(info.ipv6().isPresent() ? config.withDirectIpv6() : config)) {
        registrar.put("instance", registration);
        for (int i = 0; i < expected; i++) {
          String message = heard.poll(20, TimeUnit.SECONDS);
          assertThat(message).as("message %d of %d", i + 1, expected).isNotNull();
          messages.append(message).append('\n');
        }
      }
    }
    RouteEndpoint endpoint =
        registry.lookup(NAME).stream()
            .filter(
                each ->
                    info.ipv6().isEmpty() || each.host().equals(RouteHost.of(info.ipv6().get())))
            .findFirst()
            .orElseThrow();
    return new Registered(messages.toString(), endpoint);
  }

  private static String haproxy(Dualstack dualstack, RouteEndpoint endpoint) {
    boolean isIpv6 = endpoint.address().startsWith("[");
    return dualstack
        .routeFormats()
        .haproxy(
            List.of(TcpRoute.plain("group", ROUTE_PORT, endpoint.host(), endpoint.port())),
            isIpv6 ? new HaproxyOptions(true, "", "") : HaproxyOptions.DEFAULT)
        .text();
  }

  /** What the command shows of the instance's record. */
  private String instances(Dualstack dualstack, LabHost operator, NetInfo info) throws Exception {
    InstanceRecord record =
        new InstanceRecord(
            "app",
            0,
            "cf-apps",
            GUID,
            "cell-1",
            info,
            "RUNNING",
            Instant.parse("2026-11-28T00:00:00Z"),
            Map.of());
    Path file =
        Files.writeString(
            folder.resolve("records.json"),
            dualstack.workloadFormats().instanceRecords(List.of(record)));
    try (Programs programs = new Programs(folder, operator)) {
      return programs.runToEnd(operator, "instances", "--file", file.toString());
    }
  }

  /** Has names in place of addresses, which are not the same each time and not equally wide. */
  private static String anonymous(String text, NetInfo info) {
    return text.replace(String.valueOf(info.instanceAddress()), "INSTANCE")
        .replace(String.valueOf(info.address()), "CELL")
        .replaceAll("  +", "  ");
  }
}
