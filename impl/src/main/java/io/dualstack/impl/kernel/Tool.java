package io.dualstack.impl.kernel;

import com.google.common.io.CharStreams;
import io.dualstack.KernelException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/** A process of a tool of the system, run in a namespace, with its words in the failure. */
public final class Tool {
  /**
   * Not the common pool, whose few threads could all be waiting for what processes say that wait
   * for their input.
   */
  private static final Executor THREADS =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "tool");
            thread.setDaemon(true);
            return thread;
          });

  private Tool() {}

  /**
   * What a process left.
   *
   * @param output what it wrote to its standard output
   * @param errors what it wrote to its standard error
   */
  public record Ended(int exitCode, String output, String errors) {}

  /**
   * Runs a tool to its end.
   *
   * @param input what it finds on its standard input
   * @return its standard output
   * @throws KernelException if it is not there, or ends with another code than 0
   */
  public static String run(Namespace namespace, List<String> command, String input) {
    Ended ended = end(namespace, command, Map.of(), input);
    if (ended.exitCode() != 0) {
      String said = ended.errors().strip();
      throw new KernelException(
          String.join(" ", command), said.isEmpty() ? "exit code " + ended.exitCode() : said, null);
    }
    return ended.output();
  }

  /**
   * Runs a tool to its end, whatever that is.
   *
   * @param environment variables beside this process's own
   * @param input what it finds on its standard input
   * @throws KernelException if it is not there
   */
  public static Ended end(
      Namespace namespace, List<String> command, Map<String, String> environment, String input) {
    Process process = start(namespace, command, environment);
    CompletableFuture<String> errors = readAll(process.errorReader(StandardCharsets.UTF_8));
    CompletableFuture<Void> writing =
        CompletableFuture.runAsync(() -> write(process, input), THREADS);
    String output = read(process.inputReader(StandardCharsets.UTF_8));
    String said = errors.join();
    writing.join();
    return new Ended(exitCode(process), output, said);
  }

  private static Process start(
      Namespace namespace, List<String> command, Map<String, String> environment) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    return namespace.call(
        () -> {
          try {
            return builder.start();
          } catch (IOException e) {
            throw new KernelException(
                String.join(" ", command),
                "can't be run: " + e.getMessage() + "; is it installed?",
                e);
          }
        });
  }

  /**
   * Waits also when interrupted: what the process does is not done before. Not by {@link
   * Process#onExit}, which is told by a thread of the common pool.
   */
  private static int exitCode(Process process) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return process.waitFor();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static CompletableFuture<String> readAll(BufferedReader from) {
    return CompletableFuture.supplyAsync(() -> read(from), THREADS);
  }

  private static String read(BufferedReader from) {
    try {
      return CharStreams.toString(from);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Process process, String input) {
    try (OutputStream to = process.getOutputStream()) {
      to.write(input.getBytes(StandardCharsets.UTF_8));
    } catch (IOException endedEarly) {
      // Its exit code tells why.
    }
  }
}
