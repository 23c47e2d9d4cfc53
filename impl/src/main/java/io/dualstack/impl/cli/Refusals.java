package io.dualstack.impl.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.Diagnostic;
import io.dualstack.DualstackException;
import io.dualstack.InvalidConfigurationException;
import io.dualstack.cni.CniException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Tells on standard error why a command was refused; with {@code --json}, as JSON. */
final class Refusals implements IExecutionExceptionHandler {

  private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

  @Override
  public int handleExecutionException(
      Exception exception, CommandLine commandLine, ParseResult parsed) {
    boolean json =
        commandLine.getCommandSpec().findOption("--json") != null
            && Boolean.TRUE.equals(commandLine.getCommandSpec().findOption("--json").getValue());
    PrintWriter err = commandLine.getErr();
    List<Diagnostic> reasons = reasons(exception);
    if (json) {
      ObjectNode document = Json.object();
      ArrayNode errors = document.putArray("errors");
      reasons.forEach(reason -> errors.add(Json.of(reason)));
      err.println(Json.text(document));
    } else {
      reasons.forEach(reason -> err.println(reason));
    }
    err.flush();
    return CommandLine.ExitCode.SOFTWARE;
  }

  static List<Diagnostic> reasons(Exception exception) {
    if (exception instanceof InvalidConfigurationException invalid) {
      return invalid.diagnostics();
    }
    if (exception instanceof CniException refused && !refused.details().isEmpty()) {
      return List.of(Diagnostic.error("", "Cni", refused.message() + ": " + refused.details()));
    }
    if (exception instanceof DualstackException refused) {
      String kind = refused.getClass().getSimpleName().replace("Exception", "");
      return List.of(Diagnostic.error("", kind, String.valueOf(refused.getMessage())));
    }
    if (exception instanceof UncheckedIOException failure) {
      return List.of(Diagnostic.error("", "FileUnavailable", FileFaults.describe(failure)));
    }
    if (exception instanceof IOException failure) {
      return reasons(new UncheckedIOException(failure));
    }
    LOG.debug("a command failed", exception);
    return List.of(
        Diagnostic.error(
            "",
            "InternalError",
            exception
                + "; this is a fault of the program: please report it, with what"
                + " -Dorg.slf4j.simpleLogger.defaultLogLevel=debug prints"));
  }
}
