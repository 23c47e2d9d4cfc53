/**
 * What an infrastructure can do for a machine's addresses: the provider SPI, its declared
 * capabilities, and the results of attaching, detaching and verifying.
 */
@NullMarked
package io.dualstack.provider;

import org.jspecify.annotations.NullMarked;
