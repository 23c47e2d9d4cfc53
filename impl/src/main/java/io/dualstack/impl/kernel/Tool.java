package io.dualstack.impl.kernel;

import io.dualstack.KernelException;
import java.util.List;
import java.util.Map;

/** A process of a tool of the system, run in a namespace, with its words in the failure. */
public final class Tool {
  private Tool() {}

  /**
   * What a process left.
   *
   * @param output what it wrote to its standard output
   * @param errors what it wrote to its standard error
   */
  public record Ended(int exitCode, String output, String errors) {

    /**
     * Returns the output.
     *
     * @param command which ended so
     * @throws KernelException if it ended with another code than 0
     */
    public String succeeded(List<String> command) {
      if (exitCode != 0) {
        String said = errors.strip();
        throw new KernelException(
            String.join(" ", command), said.isEmpty() ? "exit code " + exitCode : said, null);
      }
      return output;
    }
  }

  /**
   * Runs a tool to its end.
   *
   * @param input what it finds on its standard input
   * @return its standard output
   * @throws KernelException if it is not there, or ends with another code than 0
   */
  public static String run(Namespace namespace, List<String> command, String input) {
    return end(namespace, command, Map.of(), input).succeeded(command);
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
    RunningTool tool = RunningTool.start(namespace, command, environment);
    tool.tell(input);
    tool.endInput();
    return tool.awaitEnd();
  }
}
