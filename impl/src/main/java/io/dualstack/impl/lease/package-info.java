/** What the parts of the lease role share: where they report their numbers. */
@NullMarked
package io.dualstack.impl.lease;

import org.jspecify.annotations.NullMarked;
