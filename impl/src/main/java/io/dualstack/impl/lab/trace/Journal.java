package io.dualstack.impl.lab.trace;

import io.dualstack.firewall.Packet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of one packet, hop by hop.
 *
 * @param from who sends it
 * @param to where it is sent, as it was asked for
 * @param packet the packet as it begins
 * @param hops the hops in order; the last is the sender again, who learns what came of it
 * @param outcome what configuration has come of it, in words
 * @param unwatched why no kernel was asked; null if all were
 */
public record Journal(
    String from,
    String to,
    Packet packet,
    List<Hop> hops,
    String outcome,
    @Nullable String unwatched) {
  /** Copies the list. */
  public Journal {
    hops = List.copyOf(hops);
  }

  /** Whether a kernel did as configuration has it. */
  public enum Agreement {
    /** It did. */
    AGREES,
    /** It did something else. */
    DIFFERS,
    /** It was not asked, was not reached, or can't tell. */
    UNKNOWN
  }

  /**
   * One hop.
   *
   * @param name what people call it
   * @param namespace its part of the namespace's name
   * @param decisions what is decided there, in order
   */
  public record Hop(String name, String namespace, List<Decision> decisions) {
    /** Copies the list. */
    public Hop {
      decisions = List.copyOf(decisions);
    }
  }

  /**
   * One decision.
   *
   * @param about of what: address, destination, route, rule, source, neighbor, tunnel, bridge, fate
   *     or answer
   * @param configured what configuration has
   * @param seen what the kernel did; empty if it was not asked
   * @param agreement whether they agree
   */
  public record Decision(String about, String configured, String seen, Agreement agreement) {}

  /**
   * Where kernel and configuration part.
   *
   * @param hop at which hop
   * @param decision in what
   */
  public record Parting(Hop hop, Decision decision) {}

  /** Returns the first decision that a kernel made otherwise; empty if there is none. */
  public Optional<Parting> parting() {
    return hops.stream()
        .flatMap(
            hop ->
                hop.decisions().stream()
                    .filter(decision -> decision.agreement() == Agreement.DIFFERS)
                    .map(decision -> new Parting(hop, decision)))
        .findFirst();
  }
}
