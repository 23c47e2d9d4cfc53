package io.dualstack.impl.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Tells on standard error what is wrong with a call, what was meant, and how the command is used.
 */
final class UsageFaults implements IParameterExceptionHandler {

  @Override
  public int handleParseException(ParameterException fault, String[] arguments) {
    CommandLine command = fault.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("error: " + fault.getMessage());
    // Without a word of what was meant, how the command is used says it.
    if (!UnmatchedArgumentException.printSuggestions(fault, err)) {
      Help help = command.getHelp();
      err.print(help.fullSynopsis());
    }
    err.printf("'%s --help' says more.%n", command.getCommandSpec().qualifiedName());
    err.flush();
    return CommandLine.ExitCode.USAGE;
  }
}
