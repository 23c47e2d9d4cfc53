/** Where services report their numbers, and how these are served. Open {@code Meters} first. */
@NullMarked
package io.dualstack.impl.metrics;

import org.jspecify.annotations.NullMarked;
