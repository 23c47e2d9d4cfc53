package io.dualstack.impl.kernel;

import java.nio.file.Path;

/**
 * A setting of the network stack.
 *
 * @param key its path below {@code /proc/sys/net}, such as {@code ipv6/conf/eth0/accept_ra}; with
 *     slashes, as the name of a device may have a dot in it
 * @param value what is written
 */
public record Sysctl(String key, String value) {
  /** Checks that the key stays below {@code /proc/sys/net}. */
  public Sysctl {
    Path relative = Path.of(key);
    if (relative.isAbsolute() || !relative.normalize().equals(relative) || key.startsWith("..")) {
      throw new IllegalArgumentException(key + ": is no path below /proc/sys/net");
    }
  }

  /** A setting of one device, or of {@code all} or {@code default}. */
  public static Sysctl ofDevice(String family, String device, String name, int value) {
    return new Sysctl(family + "/conf/" + device + "/" + name, Integer.toString(value));
  }
}
