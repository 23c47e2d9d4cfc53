/**
 * What jqwik finds by itself: generators for parameters such as {@code @ForAll IpPrefix}, and the
 * reading of the annotations that narrow them. The generators are those of {@link
 * io.dualstack.testkit.Addresses}.
 */
@NullMarked
package io.dualstack.testkit.arbitrary;

import org.jspecify.annotations.NullMarked;
