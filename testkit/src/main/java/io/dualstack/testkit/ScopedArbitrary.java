package io.dualstack.testkit;

import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import net.jqwik.api.Arbitrary;

/**
 * A generator whose values can be held to a family and to a block. Each call narrows what the calls
 * before it left; generators are immutable, so each call returns a new one.
 *
 * @param <T> the values
 * @param <A> the generator itself
 */
public interface ScopedArbitrary<T, A extends ScopedArbitrary<T, A>> extends Arbitrary<T> {
  /**
   * Keeps to one family.
   *
   * @param family the family of every value
   * @return a generator of fewer values
   * @throws IllegalArgumentException if that leaves no value
   */
  A family(IpFamily family);

  /**
   * Keeps to the addresses of a block, and so to its family.
   *
   * @param pool the block that holds every value
   * @return a generator of fewer values
   * @throws IllegalArgumentException if that leaves no value
   */
  A inside(IpPrefix pool);

  /**
   * Keeps to IPv4.
   *
   * @return a generator of fewer values
   * @throws IllegalArgumentException if that leaves no value
   */
  default A ipv4() {
    return family(IpFamily.IPV4);
  }

  /**
   * Keeps to IPv6.
   *
   * @return a generator of fewer values
   * @throws IllegalArgumentException if that leaves no value
   */
  default A ipv6() {
    return family(IpFamily.IPV6);
  }
}
