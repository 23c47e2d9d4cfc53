package io.dualstack.testkit.lab;

import static java.util.Objects.requireNonNull;

import io.dualstack.net.IpAddress;
import java.util.Optional;

/**
 * What came of an attempt to reach a host.
 *
 * @param path from whom to whom and to which address, for messages
 * @param ping whether a ping was answered
 * @param tcp the source address that the receiver of a TCP connection saw; empty if there was none
 * @param udp the source address that the receiver of a datagram saw; empty if its answer did not
 *     arrive
 */
public record Contact(String path, boolean ping, Optional<IpAddress> tcp, Optional<IpAddress> udp) {

  /**
   * Checks that nothing is null.
   *
   * @param path from whom to whom and to which address, for messages
   * @param ping whether a ping was answered
   * @param tcp the source address that the receiver of a TCP connection saw; empty if there was
   *     none
   * @param udp the source address that the receiver of a datagram saw; empty if its answer did not
   *     arrive
   */
  public Contact {
    requireNonNull(path, "path");
    requireNonNull(tcp, "tcp");
    requireNonNull(udp, "udp");
  }

  /**
   * Asserts that everything arrived, with this source address.
   *
   * @param source the address that the receiver should have seen
   * @throws AssertionError telling what did not
   */
  public void assertReachedFrom(IpAddress source) {
    if (!ping || !tcp.equals(Optional.of(source)) || !udp.equals(Optional.of(source))) {
      throw new AssertionError(this + "; expected all three, from " + source);
    }
  }

  /**
   * Asserts that nothing was answered.
   *
   * @throws AssertionError telling what was
   */
  public void assertUnreached() {
    if (ping || tcp.isPresent() || udp.isPresent()) {
      throw new AssertionError(this + "; expected no answer");
    }
  }

  @Override
  public String toString() {
    return "%s: ping %s, TCP %s, UDP %s"
        .formatted(path, ping ? "answered" : "lost", seen(tcp), seen(udp));
  }

  private static String seen(Optional<IpAddress> source) {
    return source.map(address -> "seen from " + address).orElse("lost");
  }
}
