/**
 * What a {@link io.dualstack.provider.NetworkProvider} is given when it is opened, in memory: open
 * a provider in a test with a {@link io.dualstack.testkit.provider.InMemoryProviderContext}.
 */
@NullMarked
package io.dualstack.testkit.provider;

import org.jspecify.annotations.NullMarked;
