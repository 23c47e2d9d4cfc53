/**
 * The wire of the Container Network Interface: JSON of configurations, results and errors in every
 * version, and the skeleton that all our plugins share. Open {@link
 * io.dualstack.impl.cni.protocol.PluginSkeleton} first.
 */
@NullMarked
package io.dualstack.impl.cni.protocol;

import org.jspecify.annotations.NullMarked;
