/**
 * What surrounds one instance of an application: its addresses and ports, the environment that it
 * starts with, its hosts file, and the certificates that say who it is. IPv6 stands beside IPv4
 * here as elsewhere: an instance without an IPv6 address gets exactly what it got before.
 */
@NullMarked
package io.dualstack.workload;

import org.jspecify.annotations.NullMarked;
