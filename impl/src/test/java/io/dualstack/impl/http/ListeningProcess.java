package io.dualstack.impl.http;

import com.sun.net.httpserver.HttpServer;
import io.dualstack.InvalidConfigurationException;
import io.dualstack.impl.jvm.OwnJvm;
import io.dualstack.testkit.lab.LabHost;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Listeners in a virtual machine of their own, which looks at its namespace when it starts, and has
 * names that a test gives it.
 */
final class ListeningProcess implements AutoCloseable {

  private static final String END = "all are there";

  private final Process process;
  private final Path errors;
  private final Map<String, String> said = new LinkedHashMap<>();

  private ListeningProcess(Process process, Path errors) {
    this.process = process;
    this.errors = errors;
  }

  /** Starts it, and waits until all hosts are listened on or refused. */
  static ListeningProcess start(LabHost machine, Path folder, List<String> options, String... hosts)
      throws IOException {
    List<String> command = OwnJvm.command(options, ListeningProcess.class, List.of(hosts));
    Path errors = Files.createTempFile(folder, "errors", ".txt");
    ListeningProcess started =
        new ListeningProcess(
            machine.call(() -> new ProcessBuilder(command).redirectError(errors.toFile()).start()),
            errors);
    BufferedReader lines = started.process.inputReader(StandardCharsets.UTF_8);
    for (String line = lines.readLine(); !END.equals(line); line = lines.readLine()) {
      if (line == null) {
        throw new IllegalStateException("it ended: " + started.errors());
      }
      String[] hostAndRest = line.split(" ", 2);
      started.said.put(hostAndRest[0], hostAndRest[1]);
    }
    return started;
  }

  /** Returns the port of a listener. */
  int port(String host) {
    return Integer.parseInt(said.get(host));
  }

  /** Returns a listener's port, or why there is none. */
  String said(String host) {
    return said.get(host);
  }

  String errors() throws IOException {
    return Files.readString(errors);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  /** Listens on each host, and tells how that went. */
  public static void main(String[] hosts) throws Exception {
    for (String host : hosts) {
      System.out.println(host + " " + opened(host));
    }
    System.out.println(END);
    // Until the test ends, however it does.
    int end = System.in.read();
    System.exit(end == -1 ? 0 : 1);
  }

  private static String opened(String host) {
    try {
      HttpServer server =
          Listening.at(
              "/listen_host",
              Listening.address(host, 0),
              address -> Plain.start(address, exchange -> Plain.send(exchange, Answer.ok("here"))));
      return Integer.toString(server.getAddress().getPort());
    } catch (InvalidConfigurationException e) {
      return e.getMessage().replace('\n', ' ');
    }
  }
}
