/** The network provider for Amazon EC2. */
@NullMarked
package io.dualstack.spi.aws;

import org.jspecify.annotations.NullMarked;
