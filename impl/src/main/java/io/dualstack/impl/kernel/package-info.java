/**
 * The Linux kernel, and the only place that calls it: network namespaces, {@code ip}, {@code nft}
 * and the files below {@code /proc/sys/net}. Everything is done in a {@link
 * io.dualstack.impl.kernel.Namespace}, which is where to start.
 */
@NullMarked
package io.dualstack.impl.kernel;

import org.jspecify.annotations.NullMarked;
