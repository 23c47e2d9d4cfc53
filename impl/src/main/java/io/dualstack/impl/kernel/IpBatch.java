package io.dualstack.impl.kernel;

import com.google.common.base.CharMatcher;
import io.dualstack.KernelException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * One {@code ip -batch -} process in a namespace, given commands in one or several parts.
 *
 * <p>{@code ip} executes a line as soon as it has read it and ends at the first that fails. To know
 * that a part is done it is asked for the loopback device, which every namespace has and which is
 * the one output that {@code ip} does not keep in its buffer. So a change that needs something else
 * in between, such as a write below {@code /proc/sys}, still costs one process. Not thread-safe.
 */
public final class IpBatch implements AutoCloseable {
  private static final String MARK = "link show dev lo";

  /** Comment, quote and continuation characters of batch files. */
  private static final CharMatcher UNWRITABLE = CharMatcher.anyOf("#'\"\\\n\r");

  private final String where;
  private final Process process;
  private final Writer commands;
  private final BufferedReader output;
  private int line;

  private IpBatch(String where, Process process) {
    this.where = where;
    this.process = process;
    this.commands = process.outputWriter(StandardCharsets.UTF_8);
    this.output = process.inputReader(StandardCharsets.UTF_8);
  }

  /**
   * Starts the process, which waits for commands.
   *
   * @throws KernelException if {@code ip} is not there
   */
  public static IpBatch start(Namespace namespace) {
    return new IpBatch(
        namespace.toString(), Tool.start(namespace, List.of("ip", "-oneline", "-batch", "-")));
  }

  /** Starts a process for these commands alone; does nothing when there are none. */
  public static void run(Namespace namespace, List<String> commands) {
    if (!commands.isEmpty()) {
      try (IpBatch batch = start(namespace)) {
        batch.run(commands);
      }
    }
  }

  /**
   * Executes commands in their order and returns when the last is done.
   *
   * @param part commands without the word {@code ip}, none of which prints anything
   * @throws KernelException naming the command that failed; those before it are done, those after
   *     it are not, and this batch is at its end
   * @throws IllegalArgumentException if a command can't be written in a batch
   */
  public void run(List<String> part) {
    for (String command : part) {
      if (UNWRITABLE.matchesAnyOf(command)) {
        throw new IllegalArgumentException(
            "\"%s\": has a character that ip -batch can't be given; rename the device"
                .formatted(command));
      }
    }
    int first = line;
    try {
      for (String command : part) {
        commands.write(command + "\n");
      }
      commands.write(MARK + "\n");
      commands.flush();
    } catch (IOException endedEarly) {
      // Why, it says below.
    }
    line += part.size() + 1;
    try {
      if (output.readLine() == null) {
        throw failure(part, first);
      }
    } catch (IOException e) {
      throw new KernelException("ip -batch in " + where, e.toString(), e);
    }
  }

  private KernelException failure(List<String> part, int first) throws IOException {
    String said = String.join("\n", process.errorReader(StandardCharsets.UTF_8).lines().toList());
    int at = said.lastIndexOf("Command failed -:");
    if (at < 0) {
      return new KernelException("ip -batch in " + where, said.strip(), null);
    }
    int failed = Integer.parseInt(said.substring(at + "Command failed -:".length()).strip());
    int index = failed - 1 - first;
    String command = index < part.size() ? part.get(index) : MARK;
    return new KernelException(
        "ip " + command + " (in " + where + ")", said.substring(0, at).strip(), null);
  }

  /** Has the process end. All it was given is done by now, so there is nothing to wait for. */
  @Override
  public void close() {
    try {
      commands.close();
    } catch (IOException endedEarly) {
      // As after a failure.
    }
  }
}
