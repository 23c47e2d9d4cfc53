/**
 * The role of the plugin silk-cni: a container's address, entry and link as one operation, undone
 * when a step of it fails. {@link io.dualstack.impl.cni.silk.VethNetwork} does it, {@link
 * io.dualstack.impl.cni.silk.SilkPlugin} speaks the protocol.
 */
@NullMarked
package io.dualstack.impl.cni.silk;

import org.jspecify.annotations.NullMarked;
