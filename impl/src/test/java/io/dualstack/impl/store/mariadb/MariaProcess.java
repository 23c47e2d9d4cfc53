package io.dualstack.impl.store.mariadb;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** A MariaDB server on loopback, of whoever runs the tests, with its data in a folder of theirs. */
final class MariaProcess {

  private final Path folder;
  private final int port;
  private final List<String> options;
  private Process process;

  private MariaProcess(Path folder, int port, List<String> options) throws IOException {
    this.folder = folder;
    this.port = port;
    this.options = options;
    this.process = launch();
  }

  /** Makes one with new data and returns when it answers. */
  static MariaProcess start(Path folder, String... options) throws IOException {
    Files.createDirectories(folder);
    Path data = Files.createDirectory(folder.resolve("data"));
    List<String> making =
        command(
            "mariadb-install-db",
            "--no-defaults",
            "--datadir=" + data,
            "--auth-root-authentication-method=normal",
            "--skip-test-db");
    File log = folder.resolve("making.log").toFile();
    Process made = new ProcessBuilder(making).redirectErrorStream(true).redirectOutput(log).start();
    if (made.onExit().join().exitValue() != 0) {
      throw new IllegalStateException(Files.readString(log.toPath()));
    }
    MariaProcess server = new MariaProcess(folder, freePort(), List.of(options));
    server.awaitAnswer();
    return server;
  }

  private static List<String> command(String... words) {
    List<String> command = new ArrayList<>(List.of(words));
    if (System.getProperty("user.name").equals("root")) {
      command.add("--user=root");
    }
    return command;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("::1"))) {
      return socket.getLocalPort();
    }
  }

  /** Where Debian keeps servers is not on everybody's path. */
  private static String program() {
    return Stream.of("/usr/sbin/mariadbd", "/usr/local/sbin/mariadbd")
        .filter(path -> Files.isExecutable(Path.of(path)))
        .findFirst()
        .orElse("mariadbd");
  }

  private Process launch() throws IOException {
    List<String> command =
        command(
            program(),
            "--no-defaults",
            "--datadir=" + folder.resolve("data"),
            "--socket=" + folder.resolve("s"),
            "--pid-file=" + folder.resolve("pid"),
            "--bind-address=::1",
            "--port=" + port,
            "--skip-name-resolve",
            "--innodb-buffer-pool-size=64M",
            "--innodb-log-file-size=48M");
    command.addAll(options);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("server.log").toFile()))
        .start();
  }

  private void awaitAnswer() throws IOException {
    while (true) {
      try (Connection connection = DriverManager.getConnection(location(""))) {
        return;
      } catch (SQLException e) {
        if (!process.isAlive()) {
          throw new IllegalStateException(Files.readString(folder.resolve("server.log")), e);
        }
      }
      LockSupport.parkNanos(20_000_000);
    }
  }

  int port() {
    return port;
  }

  String location(String database) {
    return "jdbc:mariadb://[::1]:" + port + "/" + database + "?user=root";
  }

  /** Ends it as {@code kill -9} does. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  /** Starts it again on what it left. */
  void restart() throws IOException {
    process = launch();
    awaitAnswer();
  }
}
