/**
 * The director role: zones, static addresses and requests for every instance, the provider's NICs,
 * and what machines are told. Open {@code DeploymentDirector} first.
 */
@NullMarked
package io.dualstack.impl.director;

import org.jspecify.annotations.NullMarked;
