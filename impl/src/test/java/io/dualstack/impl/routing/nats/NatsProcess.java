package io.dualstack.impl.routing.nats;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.impl.cell.Await;
import io.dualstack.impl.http.TestAuthority;
import io.dualstack.impl.routing.InstalledServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A real NATS server on a loopback address, which can be killed and started again on its port. */
public final class NatsProcess implements AutoCloseable {
  private static final Pattern MONITORING = Pattern.compile("http://[^\"]*");

  private final Path folder;
  private final InetAddress address;
  private final int port;
  private final List<String> options;
  private Process process;

  private NatsProcess(Path folder, InetAddress address, int port, List<String> options) {
    this.folder = folder;
    this.address = address;
    this.port = port;
    this.options = options;
  }

  /** Starts one on a free port with more options, and waits until it answers. */
  public static NatsProcess start(Path folder, String address, String... options)
      throws IOException {
    InetAddress loopback = InetAddress.getByName(address);
    try (ServerSocket free = new ServerSocket(0, 1, loopback)) {
      NatsProcess nats = new NatsProcess(folder, loopback, free.getLocalPort(), List.of(options));
      free.close();
      nats.start();
      return nats;
    }
  }

  /** Starts one with TLS, which may ask clients for certificates of the same authority. */
  static NatsProcess startTls(
      Path folder,
      String address,
      TestAuthority authority,
      TestAuthority.Identity server,
      boolean asksClients)
      throws IOException {
    return start(
        folder,
        address,
        asksClients ? "--tlsverify" : "--tls",
        "--tlscert",
        server.certificate().toString(),
        "--tlskey",
        server.key().toString(),
        "--tlscacert",
        authority.certificate().toString());
  }

  /** Starts one that tells how many clients it has. */
  static NatsProcess startMonitored(Path folder, String address) throws IOException {
    return start(folder, address, "--http_port", "-1", "--ports_file_dir", folder.toString());
  }

  /** Waits until so many clients are connected, and all is forwarded that others have sent. */
  void awaitClients(int count) throws IOException {
    Path ports = folder.resolve("nats-server_%d.ports".formatted(process.pid()));
    Await.until("the file of the ports", () -> Files.exists(ports));
    Matcher url = MONITORING.matcher(Files.readString(ports));
    assertThat(url.find()).isTrue();
    URL connections = new URL(url.group() + "/connz");
    Await.until(
        count + " clients",
        () -> {
          try (InputStream answer = connections.openStream()) {
            return new String(answer.readAllBytes(), StandardCharsets.UTF_8)
                .contains("\"num_connections\": %d,".formatted(count));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  void start() throws IOException {
    process = new ProcessBuilder(command()).redirectErrorStream(true).start();
    // It tells when it listens; whatever it tells later must be read too.
    BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
    StringBuilder said = new StringBuilder();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      said.append(line).append('\n');
      if (line.contains("Server is ready")) {
        readOn(lines);
        return;
      }
    }
    throw new IllegalStateException("nats-server ended: " + said);
  }

  private static void readOn(BufferedReader lines) {
    Thread reading =
        new Thread(
            () -> {
              try {
                while (lines.readLine() != null) {
                  // What it says of its clients is of no interest.
                }
              } catch (IOException e) {
                // It was killed.
              }
            },
            "nats output");
    reading.setDaemon(true);
    reading.start();
  }

  private List<String> command() {
    List<String> command =
        new ArrayList<>(
            List.of(
                InstalledServer.find("nats-server"),
                "--addr",
                address.getHostAddress(),
                "--port",
                Integer.toString(port),
                "--user",
                "registrar",
                "--pass",
                "p@ss:w%20rd",
                "--pid",
                folder.resolve("nats.pid").toString()));
    command.addAll(options);
    return command;
  }

  /** Returns the port that it listens on. */
  public int port() {
    return port;
  }

  /** Ends it as a machine that loses power does. */
  void kill() {
    process.destroyForcibly();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        throw new IllegalStateException("nats-server can't be killed");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new IOException(e));
    }
  }

  @Override
  public void close() {
    kill();
  }
}
