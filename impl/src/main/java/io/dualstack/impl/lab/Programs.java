package io.dualstack.impl.lab;

import io.dualstack.KernelException;
import io.dualstack.impl.kernel.Namespace;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Programs of the machine that a lab runs if they are installed. */
final class Programs {
  /** Where Debian has what only administrators run. */
  private static final List<String> ADMINISTRATORS =
      List.of("/usr/local/sbin", "/usr/sbin", "/sbin");

  private static final int PATIENCE_SECONDS = 5;

  private Programs() {}

  /** Returns where a program is. */
  static Optional<Path> find(String name) {
    String path = System.getenv("PATH");
    return Stream.concat(
            Stream.of((path == null ? "" : path).split(File.pathSeparator, -1)),
            ADMINISTRATORS.stream())
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /**
   * Starts one in a namespace; it is ended by closing what is returned.
   *
   * @param log what it says is added to this file
   * @throws KernelException if it can't be started
   */
  static AutoCloseable start(Namespace namespace, Path log, List<String> command) {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    Process process =
        namespace.call(
            () -> {
              try {
                return builder.start();
              } catch (IOException e) {
                throw new KernelException(
                    String.join(" ", command), String.valueOf(e.getMessage()), e);
              }
            });
    return () -> end(process);
  }

  private static void end(Process process) throws InterruptedException {
    process.destroy();
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
  }
}
