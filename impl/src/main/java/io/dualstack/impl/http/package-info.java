/**
 * What our HTTP services and clients share: mutual TLS from PEM files, servers with and without it,
 * bodies that are JSON, and a client that tells failures in words. Open {@code JsonBody} first.
 */
@NullMarked
package io.dualstack.impl.http;

import org.jspecify.annotations.NullMarked;
