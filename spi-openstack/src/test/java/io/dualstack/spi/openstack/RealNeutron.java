package io.dualstack.spi.openstack;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * Neutron itself, as Debian packages it, on the loopback interface: with SQLite, without Keystone,
 * a message queue or agents, so that everything about ports but their traffic is real. Without the
 * packages a test skips itself, and fails where tests must not.
 */
final class RealNeutron implements AutoCloseable {
  private static final Path SERVER = Path.of("/usr/bin/neutron-server");
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /** SQLite is left out by Neutron's migrations, but not by its models. */
  private static final String TABLES =
      """
      import sys
      import sqlalchemy
      from neutron.db.migration.models import head
      from neutron_lib.db import model_base
      model_base.BASEV2.metadata.create_all(sqlalchemy.create_engine(sys.argv[1]))
      """;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Path folder;
  private final Process process;
  private final URI endpoint;

  private RealNeutron(Path folder, Process process, URI endpoint) {
    this.folder = folder;
    this.process = process;
    this.endpoint = endpoint;
  }

  /** Starts it, which takes seconds. */
  static RealNeutron start() throws Exception {
    boolean mustRun = "true".equals(System.getenv("CI"));
    if (!mustRun) {
      assumeTrue(
          Files.isExecutable(SERVER),
          SERVER + " is missing; install neutron-server and neutron-plugin-ml2");
    }
    Path memory = Path.of("/dev/shm");
    Path folder =
        Files.isWritable(memory)
            ? Files.createTempDirectory(memory, "neutron")
            : Files.createTempDirectory("neutron");
    // Writers wait for each other; SQLite's own five seconds are little on a busy machine.
    String database = "sqlite:///" + folder.resolve("neutron.db") + "?timeout=60";
    Path log = folder.resolve("log");
    run(log, "/usr/bin/python3", "-c", TABLES, database);
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    Path configuration =
        Files.writeString(folder.resolve("neutron.conf"), configuration(folder, database, port));
    Process process =
        new ProcessBuilder(SERVER.toString(), "--config-file", configuration.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    RealNeutron neutron = new RealNeutron(folder, process, URI.create("http://127.0.0.1:" + port));
    neutron.awaitAnswer(log);
    return neutron;
  }

  private static String configuration(Path folder, String database, int port) {
    return """
        [DEFAULT]
        core_plugin = ml2
        service_plugins = router
        auth_strategy = noauth
        transport_url = fake:/
        bind_host = 127.0.0.1
        bind_port = %d
        api_workers = 0
        rpc_workers = 0
        rpc_state_report_workers = 0
        state_path = %s
        notify_nova_on_port_status_changes = false
        notify_nova_on_port_data_changes = false
        [database]
        connection = %s
        [ml2]
        type_drivers = local,flat
        tenant_network_types = local
        mechanism_drivers =
        extension_drivers = port_security
        [oslo_concurrency]
        lock_path = %s/lock
        [quotas]
        quota_driver = neutron.db.quota.driver_nolock.DbQuotaNoLockDriver
        quota_subnet = -1
        [placement]
        auth_type = none
        [nova]
        auth_type = none
        """
        .formatted(port, folder, database, folder);
  }

  private static void run(Path log, String... command) throws Exception {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    if (process.waitFor() != 0) {
      throw new IllegalStateException("Neutron's tables: " + Files.readString(log));
    }
  }

  private void awaitAnswer(Path log) throws Exception {
    Instant until = Instant.now().plus(PATIENCE);
    while (true) {
      try {
        if (http.send(HttpRequest.newBuilder(endpoint).build(), BodyHandlers.discarding())
                .statusCode()
            == 200) {
          return;
        }
      } catch (IOException e) {
        // Not yet.
      }
      if (!process.isAlive() || Instant.now().isAfter(until)) {
        process.destroyForcibly();
        throw new IllegalStateException("Neutron doesn't answer: " + Files.readString(log));
      }
      Thread.sleep(50);
    }
  }

  /** What reaches a project that nothing else is in, with the network that tests need. */
  NeutronProject project() {
    return new NeutronProject(
        Map.of(
            "auth_type",
            "none",
            "endpoint",
            endpoint.toString(),
            "project_id",
            UUID.randomUUID().toString().replace("-", "")));
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, IOException failure)
              throws IOException {
            Files.deleteIfExists(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
