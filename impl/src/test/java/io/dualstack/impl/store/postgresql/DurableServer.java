package io.dualstack.impl.store.postgresql;

import io.dualstack.impl.store.KillableServer;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A PostgreSQL server that flushes what it commits, and can be killed and started again. */
public final class DurableServer implements KillableServer {

  private final Path folder;
  private EmbeddedPostgres server;

  private DurableServer(Path folder, EmbeddedPostgres server) {
    this.folder = folder;
    this.server = server;
  }

  /** Starts one with its data in a new folder. */
  public static DurableServer start(Path folder) throws IOException {
    return new DurableServer(folder, start(folder, 0));
  }

  private static EmbeddedPostgres start(Path folder, int port) throws IOException {
    return EmbeddedPostgres.builder()
        .setDataDirectory(folder)
        .setCleanDataDirectory(false)
        .setPort(port)
        // A killed one has to recover first.
        .setPGStartupWait(Duration.ofMinutes(5))
        .setServerConfig("listen_addresses", "127.0.0.1,::1")
        .setServerConfig("fsync", "on")
        .setServerConfig("synchronous_commit", "on")
        .start();
  }

  public int port() {
    return server.getPort();
  }

  @Override
  public String location() {
    return "jdbc:postgresql://[::1]:" + port() + "/postgres?user=postgres";
  }

  /** Kills all of its processes. */
  @Override
  public void kill() throws IOException {
    String pid = Files.readAllLines(folder.resolve("postmaster.pid")).get(0);
    ProcessHandle postmaster = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    List<ProcessHandle> children = postmaster.descendants().toList();
    postmaster.destroyForcibly();
    kill(children);
    postmaster.onExit().join();
    // Those it started meanwhile are nobody's descendants now.
    kill(ProcessHandle.allProcesses().filter(this::runsHere).toList());
  }

  private static void kill(List<ProcessHandle> processes) {
    processes.forEach(ProcessHandle::destroyForcibly);
    processes.forEach(process -> process.onExit().join());
  }

  private boolean runsHere(ProcessHandle process) {
    try {
      return Path.of("/proc", String.valueOf(process.pid()), "cwd")
          .toRealPath()
          .equals(folder.toRealPath());
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void restart() throws IOException {
    int port = server.getPort();
    server.close();
    server = start(folder, port);
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
