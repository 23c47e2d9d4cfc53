package io.dualstack.impl.host.ipv6;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which files of several directories of the same purpose count, as sysctl.d(5) and modprobe.d(5)
 * say: of one name only that of the first directory, and all in the order of their names, whatever
 * their directories. A link to {@code /dev/null} puts a file out of force.
 */
final class DropIns {
  /** From the strongest to the weakest. */
  private static final List<String> PARENTS =
      List.of("/etc/", "/run/", "/usr/local/lib/", "/usr/lib/", "/lib/");

  private DropIns() {}

  static List<HostFile> read(HostRoot root, String directory) {
    Map<String, HostFile> byName = new TreeMap<>();
    for (String parent : PARENTS) {
      for (String name : root.names(parent + directory)) {
        if (name.endsWith(".conf") && !name.startsWith(".") && !byName.containsKey(name)) {
          root.read(parent + directory + "/" + name).ifPresent(file -> byName.put(name, file));
        }
      }
    }
    return new ArrayList<>(byName.values());
  }
}
