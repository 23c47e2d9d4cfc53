package io.dualstack.impl.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.impl.jvm.OwnJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Processes that write to a store and say line by line what was acknowledged, to be killed.
 *
 * @param folder where what they say is kept
 * @param program what they run, with where that is and a name as arguments
 * @param seed what a failed test should tell
 */
public record KilledProcesses(Path folder, Class<?> program, long seed) {

  /** Starts one. */
  public Process start(String where, String name) throws IOException {
    return new ProcessBuilder(OwnJvm.command(program, List.of(where, name)))
        .redirectOutput(output(name).toFile())
        .redirectError(folder.resolve("errors").toFile())
        .start();
  }

  private Path output(String name) {
    return folder.resolve("output-" + name);
  }

  /** Starts some, and kills them when the first has said so much; all are gone then. */
  public void killAfter(long characters, String where, List<String> names)
      throws IOException, InterruptedException {
    List<Process> processes = new ArrayList<>();
    for (String name : names) {
      processes.add(start(where, name));
    }
    // Where exactly the kill falls doesn't matter.
    while (output(names.get(0)).toFile().length() < characters) {
      assertThat(processes.get(0).isAlive())
          .as("seed %s: %s", seed, Files.readString(folder.resolve("errors")))
          .isTrue();
      Thread.onSpinWait();
    }
    for (Process process : processes) {
      process.destroyForcibly().waitFor();
    }
  }

  /** Returns the whole lines that one said. */
  public List<String> said(String name) throws IOException {
    String text = Files.readString(output(name));
    return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
  }
}
