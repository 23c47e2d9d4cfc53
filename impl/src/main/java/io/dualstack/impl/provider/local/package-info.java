/**
 * The provider that is always there: {@link io.dualstack.impl.provider.local.LocalProvider} keeps
 * the books of an infrastructure that somebody else operates, or none.
 */
@NullMarked
package io.dualstack.impl.provider.local;

import org.jspecify.annotations.NullMarked;
