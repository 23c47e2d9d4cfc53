/**
 * Finds providers on the class path, on the module path and in plugin directories, each by itself,
 * and keeps plugins apart: {@link io.dualstack.impl.provider.discovery.ProviderDiscovery}.
 */
@NullMarked
package io.dualstack.impl.provider.discovery;

import org.jspecify.annotations.NullMarked;
