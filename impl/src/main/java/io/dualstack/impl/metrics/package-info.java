/** What is measured, and how services' numbers are served. Open {@code MeterNames} first. */
@NullMarked
package io.dualstack.impl.metrics;

import org.jspecify.annotations.NullMarked;
