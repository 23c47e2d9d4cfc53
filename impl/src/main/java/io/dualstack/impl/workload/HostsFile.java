package io.dualstack.impl.workload;

import io.dualstack.net.IpAddress;
import io.dualstack.workload.NetInfo;
import java.util.regex.Pattern;

/** The hosts file of a container. */
final class HostsFile {
  /** As many as a host's name may have where this comes from. */
  private static final int MOST_CHARACTERS = 49;

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]+");

  private HostsFile() {}

  static String of(String handle, NetInfo instance) {
    if (!NAME.matcher(handle).matches()) {
      throw new IllegalArgumentException(
          "handle: \"" + handle + "\" is no host's name; use letters, digits, dots, _ and -");
    }
    IpAddress ipv4 = Required.address("the container", instance.instanceAddress());
    String name = handle.substring(Math.max(0, handle.length() - MOST_CHARACTERS));
    StringBuilder text = new StringBuilder("127.0.0.1 localhost\n");
    if (instance.ipv6().isPresent()) {
      text.append("::1 localhost\n");
    }
    text.append(ipv4).append(' ').append(name).append('\n');
    instance.ipv6().ifPresent(ipv6 -> text.append(ipv6).append(' ').append(name).append('\n'));
    return text.toString();
  }
}
