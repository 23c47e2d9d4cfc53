/**
 * What authors of providers build on: {@link io.dualstack.provider.support.ReconcilingSession}
 * makes a whole {@link io.dualstack.provider.ProviderSession} of the few primitive operations that
 * an infrastructure has, so that order, undo, restarts and conflicts are the same everywhere.
 * Providers may do without.
 */
@NullMarked
package io.dualstack.provider.support;

import org.jspecify.annotations.NullMarked;
