/**
 * Addresses as values: families, prefixes, ranges, ports, protocols and MAC addresses, with one
 * strict parser and RFC 5952 output. Everything is immutable and ordered as addresses are.
 */
@NullMarked
package io.dualstack.net;

import org.jspecify.annotations.NullMarked;
