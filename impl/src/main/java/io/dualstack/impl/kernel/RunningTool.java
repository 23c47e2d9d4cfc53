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

/**
 * A process of a tool of the system that is under way, for callers that know before its end that it
 * has done its work. {@link Tool} is for all others. Not thread-safe.
 */
public final class RunningTool {
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

  private final Process process;
  private CompletableFuture<Void> writing = CompletableFuture.completedFuture(null);

  private RunningTool(Process process) {
    this.process = process;
  }

  /**
   * Starts a tool, which is to be told its input.
   *
   * @param environment variables beside this process's own
   * @throws KernelException if it is not there
   */
  public static RunningTool start(
      Namespace namespace, List<String> command, Map<String, String> environment) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    return namespace.call(
        () -> {
          try {
            return new RunningTool(builder.start());
          } catch (IOException e) {
            throw new KernelException(
                String.join(" ", command),
                "can't be run: " + e.getMessage() + "; is it installed?",
                e);
          }
        });
  }

  /** The number of the process, which is no other's until it has ended. */
  public long number() {
    return process.pid();
  }

  /** Writes to its standard input, which stays open, and waits for nothing. */
  public void tell(String input) {
    writing = writing.thenRunAsync(() -> write(input), THREADS);
  }

  /** Ends its standard input behind what it was told; ending it twice is ending it once. */
  public void endInput() {
    writing = writing.thenRunAsync(this::closeInput, THREADS);
  }

  /** Waits for its end in another thread. */
  public CompletableFuture<Tool.Ended> ended() {
    return CompletableFuture.supplyAsync(this::awaitEnd, THREADS);
  }

  /** Waits for its end, which may need that of its input. */
  Tool.Ended awaitEnd() {
    BufferedReader errors = process.errorReader(StandardCharsets.UTF_8);
    CompletableFuture<String> said = CompletableFuture.supplyAsync(() -> read(errors), THREADS);
    String output = read(process.inputReader(StandardCharsets.UTF_8));
    return new Tool.Ended(exitCode(), output, said.join());
  }

  /**
   * Waits also when interrupted: what the process does is not done before. Not by {@link
   * Process#onExit}, which is told by a thread of the common pool.
   */
  private int exitCode() {
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

  private static String read(BufferedReader from) {
    try (from) {
      return CharStreams.toString(from);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(String input) {
    try {
      OutputStream to = process.getOutputStream();
      to.write(input.getBytes(StandardCharsets.UTF_8));
      to.flush();
    } catch (IOException endedEarly) {
      // Its exit code tells why.
    }
  }

  private void closeInput() {
    try {
      process.getOutputStream().close();
    } catch (IOException endedEarly) {
      // Its exit code tells why.
    }
  }
}
