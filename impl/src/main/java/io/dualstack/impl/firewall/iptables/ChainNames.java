package io.dualstack.impl.firewall.iptables;

import java.util.List;
import java.util.regex.Pattern;

/**
 * The names of a container's chains: a word and as much of its handle as fits in 28 characters.
 * Both families use the same, in tables of their own. Handles that begin alike can't be told apart.
 *
 * @param input what the container asks of the cell
 * @param netout what it asks of the world
 * @param overlay what it exchanges with other containers, and what reaches it
 * @param netin its mapped ports
 * @param log accepts and logs
 * @param limitLog logs what is above the limit of connections
 * @param groups its security groups, with denied networks and limits
 * @param candidate where an agent puts new {@link #groups} while it replaces them
 */
record ChainNames(
    String input,
    String netout,
    String overlay,
    String netin,
    String log,
    String limitLog,
    String groups,
    String candidate) {
  /** All containers' policies; the number is the time they were made, in microseconds. */
  static final Pattern POLICIES = Pattern.compile("vpa--([0-9]{10,16})");

  /** What is kept from addresses that no container has rules for, by IPv6. */
  static final String CLOSED_INPUT = "closed--input";

  static final String CLOSED_FORWARD = "closed--forward";

  private static final Pattern OF_CONTAINERS =
      Pattern.compile("(?:(?:input|netout|overlay|netin)--.+|c?asg-[A-Za-z0-9]+)");
  private static final int LONGEST = 28;
  private static final String LOG = "--log";
  private static final String LIMIT_LOG = "--rl-log";
  private static final int OF_HANDLE = 20;

  static ChainNames of(String handle) {
    String netout = cut("netout--" + handle, LONGEST);
    String asg = cut(handle.replaceFirst("^check-", "").replace("-", ""), OF_HANDLE);
    return new ChainNames(
        cut("input--" + handle, LONGEST),
        netout,
        cut("overlay--" + handle, LONGEST),
        cut("netin--" + handle, LONGEST),
        cut(netout, LONGEST - LOG.length()) + LOG,
        cut(netout, LONGEST - LIMIT_LOG.length()) + LIMIT_LOG,
        "asg-" + asg,
        "casg-" + asg);
  }

  private static String cut(String text, int length) {
    return text.substring(0, Math.min(length, text.length()));
  }

  /** Returns whether a chain is one that some container has, or had. */
  static boolean isContainers(String chain) {
    return OF_CONTAINERS.matcher(chain).matches();
  }

  /** Returns those that are always a container's own alone. */
  List<String> all() {
    return List.of(input, netout, overlay, netin, log, limitLog, groups);
  }
}
