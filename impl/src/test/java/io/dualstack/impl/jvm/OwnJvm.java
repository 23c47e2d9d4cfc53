package io.dualstack.impl.jvm;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs a class of the tests' class path in a virtual machine of its own, which starts quickly. */
public final class OwnJvm {

  private OwnJvm() {}

  /** Returns the command that runs a class with arguments. */
  public static List<String> command(Class<?> program, List<String> arguments) {
    return command(List.of(), program, arguments);
  }

  /** Returns the command that runs a class with arguments, and options for the machine. */
  public static List<String> command(
      List<String> options, Class<?> program, List<String> arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC"));
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
    command.addAll(arguments);
    return command;
  }
}
