/** The network provider for Google Compute Engine. */
@NullMarked
package io.dualstack.spi.gcp;

import org.jspecify.annotations.NullMarked;
