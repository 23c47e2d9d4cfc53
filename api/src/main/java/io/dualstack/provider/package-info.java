/**
 * What an infrastructure must do to give a machine its addresses. Open {@link
 * io.dualstack.provider.NetworkProvider} first; the contract suite for implementations is in the
 * test kit.
 */
@NullMarked
package io.dualstack.provider;

import org.jspecify.annotations.NullMarked;
