/**
 * Changes of links, addresses, routes and neighbors, told to the kernel by rtnetlink(7) itself:
 * what {@code ip} would be started for, without a process.
 */
@NullMarked
package io.dualstack.impl.kernel.rtnetlink;

import org.jspecify.annotations.NullMarked;
