/**
 * The wire of the Container Network Interface: JSON of configurations, results and errors in every
 * version, the skeleton that all our plugins share, and calls of other plugins. Open {@link
 * io.dualstack.impl.cni.protocol.PluginSkeleton} first.
 */
@NullMarked
package io.dualstack.impl.cni.protocol;

import org.jspecify.annotations.NullMarked;
