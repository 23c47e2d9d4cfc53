/**
 * What the operating system of a machine must be told about its network: interfaces, addresses,
 * routes and delegated prefixes.
 */
@NullMarked
package io.dualstack.host;

import org.jspecify.annotations.NullMarked;
