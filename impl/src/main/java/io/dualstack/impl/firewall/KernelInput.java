package io.dualstack.impl.firewall;

import java.util.List;

/**
 * What a program that changes the kernel's rules is given.
 *
 * @param command the program and its arguments
 * @param text what it reads; takes effect as a whole, or table by table where it has several
 */
public record KernelInput(List<String> command, String text) {
  /** Copies the command. */
  public KernelInput {
    command = List.copyOf(command);
  }
}
