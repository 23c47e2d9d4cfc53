/**
 * The way in: {@link io.dualstack.Dualstack} opens the library, {@link
 * io.dualstack.DualstackException} is the root of everything it throws.
 */
@NullMarked
package io.dualstack;

import org.jspecify.annotations.NullMarked;
