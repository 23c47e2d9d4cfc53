package io.dualstack.impl.host.ipv6;

import java.util.List;

/**
 * A file of a host. Every byte is one character, so that what isn't ours survives whatever its
 * encoding.
 *
 * @param path where it was looked for, from the host's root on
 * @param target where it really is, which differs if symbolic links lead there
 * @param text its content
 */
public record HostFile(String path, String target, String text) {
  /** The lines without their ends; the first is line 1 of the file. */
  List<String> lines() {
    return List.of(text.split("\n", -1));
  }

  /** The name without its directory. */
  String name() {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** Names a line for people. */
  String at(int line) {
    return target + ":" + line;
  }
}
