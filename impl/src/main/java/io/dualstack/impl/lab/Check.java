package io.dualstack.impl.lab;

import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import java.util.Set;

/**
 * One attempt to reach somebody, and what should come of it.
 *
 * @param rule what decides, in a word or two
 * @param host the namespace it is made from, by the lab's part of its name
 * @param from who tries
 * @param to whom
 * @param address where
 * @param port at which port of TCP
 * @param servers who may answer; empty if nobody may
 * @param clients the addresses that the server may see; empty if it sees nobody
 */
public record Check(
    String rule,
    String host,
    String from,
    String to,
    IpAddress address,
    int port,
    Set<String> servers,
    Set<IpAddress> clients) {

  /** Copies the sets. */
  public Check {
    servers = Set.copyOf(servers);
    clients = Set.copyOf(clients);
  }

  /**
   * What came of an attempt.
   *
   * @param check the attempt
   * @param seen what was seen
   */
  public record Result(Check check, Probe seen) {

    /** Whether it came as it should. */
    public boolean isRight() {
      return seen.outcome() == Probe.Outcome.ANSWERED
          ? check.servers.contains(String.valueOf(seen.server()))
              && seen.client() != null
              && check.clients.contains(seen.client())
          : check.servers.isEmpty();
    }

    /** What came of it, in words. */
    public String words() {
      String came =
          switch (seen.outcome()) {
            case ANSWERED -> "reached as " + seen.client();
            case REFUSED -> "refused";
            case LOST -> "lost";
          };
      return isRight() ? came : "WRONG: %s, should be %s".formatted(came, check.expectation());
    }
  }

  /** By which family. */
  public IpFamily family() {
    return address.family();
  }

  /** What should come of it, in words. */
  public String expectation() {
    return servers.isEmpty()
        ? "refused"
        : "reached as "
            + String.join(" or ", clients.stream().map(IpAddress::toString).sorted().toList());
  }
}
