package io.dualstack.impl.cli;

import io.dualstack.impl.cni.protocol.PluginSkeleton.Answer;
import java.io.PrintWriter;
import picocli.CommandLine;

/** What a plugin answers, as a command prints it. */
final class PluginAnswer {
  private PluginAnswer() {}

  /** Prints an answer and returns its exit code. */
  static int print(CommandLine to, Answer answer) {
    print(to.getOut(), answer.stdout());
    print(to.getErr(), answer.stderr());
    return answer.exitCode();
  }

  private static void print(PrintWriter to, String text) {
    to.print(text);
    to.flush();
  }
}
