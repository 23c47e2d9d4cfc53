package io.dualstack.impl.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** How a command answers: a table for people, or JSON for machines. */
final class OutputOptions {

  @Option(names = "--json", description = "Answer in JSON.")
  private boolean json;

  @Spec(Target.MIXEE)
  private CommandSpec command;

  boolean isJson() {
    return json;
  }

  PrintWriter out() {
    return command.commandLine().getOut();
  }

  PrintWriter err() {
    return command.commandLine().getErr();
  }

  void print(JsonNode document) {
    out().println(Json.text(document));
    out().flush();
  }
}
