package io.dualstack.impl.firewall.cell;

import io.dualstack.firewall.ConnectionLimit;
import io.dualstack.firewall.FilterRule;
import io.dualstack.firewall.Match;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One rule of a path: a verdict, or what a packet filter of verdicts alone can't say. */
public sealed interface CellRule {
  /** Returns what it was made of, in words for people. */
  List<String> origins();

  /** Returns the packets it is about, complete but for the devices of its path. */
  Match match();

  /**
   * Decides about packets.
   *
   * @param rule which packets, and the verdict
   * @param log how they are logged before; null if they are not
   */
  record Decide(FilterRule rule, @Nullable PacketLog log) implements CellRule {
    /** Checks that the two agree about the log. */
    public Decide {
      if (rule.log() != (log != null)) {
        throw new IllegalArgumentException(rule + ": says otherwise whether it is logged");
      }
    }

    static Decide quietly(FilterRule rule) {
      return new Decide(new FilterRule(rule.origins(), rule.match(), rule.verdict(), false), null);
    }

    /** Returns the rule, logged or not. */
    static Decide of(FilterRule rule, @Nullable PacketLog log) {
      return new Decide(
          new FilterRule(rule.origins(), rule.match(), rule.verdict(), log != null), log);
    }

    @Override
    public List<String> origins() {
      return rule.origins();
    }

    @Override
    public Match match() {
      return rule.match();
    }
  }

  /**
   * Gives packets a mark; they go on to the next rule.
   *
   * @param mark the mark, in place of any other
   */
  record Mark(List<String> origins, Match match, long mark) implements CellRule {}

  /**
   * Treats packets above a limit as that says, counted for each destination address and port;
   * others, and all of them if the limit rejects none, go on to the next rule.
   *
   * @param log how they are logged; null if they are not
   */
  record Limit(List<String> origins, Match match, ConnectionLimit limit, @Nullable PacketLog log)
      implements CellRule {}
}
