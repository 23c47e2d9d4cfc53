package io.dualstack.impl.cli;

import io.dualstack.impl.jvm.OwnJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The command line in a virtual machine of its own, which a test can kill. */
final class ChildProcess {

  private final Process process;
  private final Path output;

  private ChildProcess(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  static ChildProcess start(Path folder, String... arguments) throws IOException {
    List<String> command = OwnJvm.command(Main.class, List.of(arguments));
    Path output = Files.createTempFile(folder, "output", ".txt");
    return new ChildProcess(
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start(),
        output);
  }

  /** Kills it as {@code kill -9} does, wherever it is, and waits until it is gone. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  int exitCode() throws InterruptedException {
    return process.waitFor();
  }

  String output() throws IOException {
    return Files.readString(output);
  }
}
