package io.dualstack.impl.lab.trace;

import java.util.List;

/**
 * The tables that have the kernel tell what it does to one packet: the first chain marks it as
 * traced, and then every chain that it meets is told. Those of these tables are the very first and
 * last at every turn, so they tell what comes between, even where there is nothing else.
 */
final class TraceTable {
  static final String NAME = "dualstack_trace";

  /** Where it comes in or begins. */
  static final List<String> FIRST = List.of("came", "began");

  /** Where its route is chosen, and nothing is filtered yet. */
  static final List<String> AFTER_ROUTE = List.of("to_forward", "to_take");

  /** Where what is filtered has passed. */
  static final List<String> FILTERED = List.of("forwarded", "taken");

  /** Where it is taken. */
  static final List<String> TAKEN = List.of("taken");

  /** Where it leaves. */
  static final List<String> LAST = List.of("left");

  private static final String REMOVAL = "table %1$s\ndelete table %1$s\n";
  private static final String INET = "inet " + NAME;
  private static final String BRIDGE = "bridge " + NAME;

  private TraceTable() {}

  /** What puts the table for routed packets in force, in place of one that was left behind. */
  static String script(PacketMatch match) {
    String traced = match.plain() + " meta nftrace set 1";
    return REMOVAL.formatted(INET)
        + """
        table %1$s {
          chain came { type filter hook prerouting priority -500; %2$s; }
          chain began { type filter hook output priority -500; %2$s; }
          chain to_forward { type filter hook forward priority -500; }
          chain forwarded { type filter hook forward priority 500; }
          chain to_take { type filter hook input priority -500; }
          chain taken { type filter hook input priority 500; }
          chain left { type filter hook postrouting priority 500; }
        }
        """
            .formatted(INET, traced);
  }

  /** The same for packets that a bridge passes on. */
  static String bridgeScript(PacketMatch match) {
    StringBuilder rules = new StringBuilder(match.plain() + " meta nftrace set 1");
    match.tunneled().forEach(each -> rules.append("; ").append(each).append(" meta nftrace set 1"));
    return REMOVAL.formatted(BRIDGE)
        + """
        table %1$s {
          chain came { type filter hook prerouting priority -500; %2$s; }
          chain bridged { type filter hook forward priority 500; }
        }
        """
            .formatted(BRIDGE, rules);
  }

  static String removal() {
    return REMOVAL.formatted(INET);
  }

  static String bridgeRemoval() {
    return REMOVAL.formatted(BRIDGE);
  }
}
