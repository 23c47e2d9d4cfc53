/** Annotations that narrow what the generators produce. */
@NullMarked
package io.dualstack.testkit.constraint;

import org.jspecify.annotations.NullMarked;
