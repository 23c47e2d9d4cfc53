/**
 * Generators of random addresses, prefixes and ranges. jqwik finds them by itself: a parameter such
 * as {@code @ForAll IpPrefix} needs no registration.
 */
@NullMarked
package io.dualstack.testkit.arbitrary;

import org.jspecify.annotations.NullMarked;
