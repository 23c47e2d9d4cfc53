package io.dualstack.impl.kernel;

import com.google.common.base.CharMatcher;
import io.dualstack.KernelException;
import java.util.List;
import java.util.Map;

/** Changes of links, addresses and routes by one {@code ip -batch -} process in a namespace. */
public final class IpBatch {
  private static final List<String> COMMAND = List.of("ip", "-oneline", "-batch", "-");
  private static final String FAILED = "Command failed -:";

  /** Comment, quote and continuation characters of batch files. */
  private static final CharMatcher UNWRITABLE = CharMatcher.anyOf("#'\"\\\n\r");

  private IpBatch() {}

  /**
   * Executes commands in their order and returns when the last is done; does nothing when there are
   * none.
   *
   * @param commands without the word {@code ip}, none of which prints anything
   * @throws KernelException naming the command that failed, or if {@code ip} is not there; those
   *     before it are done, those after it are not
   * @throws IllegalArgumentException if a command can't be written in a batch; then none is done
   */
  public static void run(Namespace namespace, List<String> commands) {
    if (commands.isEmpty()) {
      return;
    }
    for (String command : commands) {
      if (UNWRITABLE.matchesAnyOf(command)) {
        throw new IllegalArgumentException(
            "\"%s\": has a character that ip -batch can't be given; rename the device"
                .formatted(command));
      }
    }
    Tool.Ended ended = Tool.end(namespace, COMMAND, Map.of(), String.join("\n", commands) + "\n");
    if (ended.exitCode() != 0) {
      throw failure(namespace, commands, ended.errors());
    }
  }

  private static KernelException failure(Namespace namespace, List<String> commands, String said) {
    int at = said.lastIndexOf(FAILED);
    if (at < 0) {
      return new KernelException("ip -batch in " + namespace, said.strip(), null);
    }
    int line = Integer.parseInt(said.substring(at + FAILED.length()).strip());
    return new KernelException(
        "ip %s (in %s)".formatted(commands.get(line - 1), namespace),
        said.substring(0, at).strip(),
        null);
  }
}
