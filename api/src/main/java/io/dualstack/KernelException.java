package io.dualstack;

import org.jspecify.annotations.Nullable;

/** The kernel, or the tool that speaks to it, refused a command. */
public final class KernelException extends DualstackException {

  private static final long serialVersionUID = 1L;

  /** What was asked for. */
  private final String command;

  /** What the kernel answered. */
  private final String answer;

  /**
   * Creates the exception.
   *
   * @param command what was asked for, such as {@code ip link add name s-010255030004 …} or {@code
   *     write /proc/sys/net/ipv6/conf/all/forwarding}
   * @param answer what the kernel or the tool said, in its own words
   * @param cause the failure behind it, if there is one
   */
  public KernelException(String command, String answer, @Nullable Throwable cause) {
    super(command + ": " + answer, cause);
    this.command = command;
    this.answer = answer;
  }

  /**
   * Returns what was asked for.
   *
   * @return the command that failed, and no other of the same batch
   */
  public String command() {
    return command;
  }

  /**
   * Returns what the kernel or the tool said.
   *
   * @return its own words, such as {@code RTNETLINK answers: File exists}
   */
  public String answer() {
    return answer;
  }
}
