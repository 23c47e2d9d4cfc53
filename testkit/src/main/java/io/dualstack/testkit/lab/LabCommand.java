package io.dualstack.testkit.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a command left behind. */
record LabCommand(List<String> command, int exitCode, String output) {
  /** Runs a command to its end; output and errors come together. */
  static LabCommand run(@Nullable Path namespace, List<String> command, String input) {
    try {
      Process process =
          namespace == null ? start(command) : LabNamespace.call(namespace, () -> start(command));
      try (var to = process.getOutputStream()) {
        to.write(input.getBytes(StandardCharsets.UTF_8));
      } catch (IOException endedEarly) {
        // Its exit code and output tell why.
      }
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new LabCommand(command, process.waitFor(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(String.join(" ", command), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted: " + String.join(" ", command), e);
    }
  }

  private static Process start(List<String> command) throws IOException {
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  /** Its output when it succeeded. */
  String orThrow() {
    if (exitCode != 0) {
      throw new IllegalStateException(
          String.join(" ", command) + ": exit code " + exitCode + ": " + output.strip());
    }
    return output;
  }
}
