package io.dualstack.impl.cli;

import java.nio.file.Path;

/**
 * Where the user's state is kept, as the XDG base directory specification has it: {@code
 * $XDG_STATE_HOME}, or {@code ~/.local/state}; a relative value is to be ignored.
 */
final class StateDirectory {

  private StateDirectory() {}

  static Path path() {
    String configured = System.getenv("XDG_STATE_HOME");
    Path base =
        configured != null && Path.of(configured).isAbsolute()
            ? Path.of(configured)
            : Path.of(System.getProperty("user.home"), ".local", "state");
    return base.resolve("dualstack");
  }
}
