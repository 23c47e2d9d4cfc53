package io.dualstack.impl.allocation.store.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.impl.allocation.store.Acknowledged;
import io.dualstack.impl.allocation.store.SoakingProcess;
import io.dualstack.impl.store.KilledProcesses;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A client with many lives, each of which starts with what those before were told. */
final class SoakingClient {

  /** What a virtual machine answers that ended because it was asked to. */
  private static final int ASKED_TO_END = 128 + 15;

  private final String name;
  private final String location;
  private final Path folder;
  private final long seed;
  private final Acknowledged acknowledged;
  private KilledProcesses processes;
  private Process life;
  private int lives;

  /** Starts its first life. */
  SoakingClient(String name, String location, Path folder, long seed) throws IOException {
    this.name = name;
    this.location = location;
    this.folder = folder;
    this.seed = seed;
    this.acknowledged = new Acknowledged(seed);
    start();
  }

  void start() throws IOException {
    Path own = Files.createDirectories(folder.resolve(name + "-" + lives++));
    processes = new KilledProcesses(own, SoakingProcess.class, seed);
    life = processes.start(location, name);
    try (Writer input = life.outputWriter()) {
      for (String line : acknowledged.summary()) {
        input.write(line + "\n");
      }
    }
  }

  /** Kills it; it must have been alive. */
  void kill() throws IOException, InterruptedException {
    assertAlive();
    life.destroyForcibly().waitFor();
    acknowledged.read(processes.said(name));
  }

  /** Lets it end what it is doing. */
  void end() throws IOException, InterruptedException {
    life.destroy();
    assertThat(life.waitFor()).as(this::errors).isEqualTo(ASKED_TO_END);
    acknowledged.read(processes.said(name));
    assertThat(acknowledged.releasing()).isEmpty();
  }

  /** Makes sure that nothing of it is left. */
  void remove() {
    life.destroyForcibly();
  }

  /** Returns whether this life has allocated and released. */
  boolean hasWorked() throws IOException {
    assertAlive();
    List<String> said = processes.said(name);
    return said.stream().anyMatch(line -> line.startsWith("+"))
        && said.stream().anyMatch(line -> line.startsWith("-"));
  }

  /** Returns what it was told in all of its lives. */
  Acknowledged acknowledged() {
    return acknowledged;
  }

  private void assertAlive() {
    assertThat(life.isAlive()).as(this::errors).isTrue();
  }

  private String errors() {
    try {
      return name
          + ": "
          + Files.readString(folder.resolve(name + "-" + (lives - 1)).resolve("errors"));
    } catch (IOException e) {
      return name + ": " + e;
    }
  }
}
