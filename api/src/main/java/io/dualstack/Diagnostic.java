package io.dualstack;

import static java.util.Objects.requireNonNull;

/**
 * One finding about a configuration, with the place it was found at.
 *
 * @param severity whether it refuses the configuration
 * @param source the file or other origin as the user named it; empty when there is none
 * @param path the path of the offending value, such as {@code networks[0].subnets[1].range}; empty
 *     for the whole source
 * @param line the line of the value, from 1; 0 when unknown
 * @param column the column of the value, from 1; 0 when unknown
 * @param code a stable identifier in the real system's words where it has one, such as {@code
 *     NetworkOverlappingSubnets}
 * @param message the value, what is wrong with it, and what to do
 */
public record Diagnostic(
    Severity severity,
    String source,
    String path,
    int line,
    int column,
    String code,
    String message) {

  /**
   * Checks that line and column are not negative.
   *
   * @param severity whether it refuses the configuration
   * @param source the file or other origin as the user named it
   * @param path the path of the offending value, such as {@code networks[0].subnets[1].range}
   * @param line the line of the value, from 1
   * @param column the column of the value, from 1
   * @param code a stable identifier in the real system's words where it has one, such as {@code
   *     NetworkOverlappingSubnets}
   * @param message the value, what is wrong with it, and what to do
   */
  public Diagnostic {
    requireNonNull(severity, "severity");
    requireNonNull(source, "source");
    requireNonNull(path, "path");
    requireNonNull(code, "code");
    requireNonNull(message, "message");
    if (line < 0 || column < 0) {
      throw new IllegalArgumentException("line and column must not be negative");
    }
  }

  /**
   * Returns an error without a place in a file.
   *
   * @param path the path of the offending value
   * @param code the stable identifier
   * @param message what is wrong and what to do
   * @return the error
   */
  public static Diagnostic error(String path, String code, String message) {
    return new Diagnostic(Severity.ERROR, "", path, 0, 0, code, message);
  }

  /**
   * Returns {@code source:line:column: severity: path: message [code]}, leaving out what is
   * unknown.
   */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    if (!source.isEmpty()) {
      text.append(source);
      if (line > 0) {
        text.append(':').append(line);
        if (column > 0) {
          text.append(':').append(column);
        }
      }
      text.append(": ");
    }
    text.append(severity == Severity.ERROR ? "error: " : "warning: ");
    if (!path.isEmpty()) {
      text.append(path);
      if (source.isEmpty() && line > 0) {
        text.append(" (line ").append(line).append(')');
      }
      text.append(": ");
    }
    return text.append(message).append(" [").append(code).append(']').toString();
  }
}
