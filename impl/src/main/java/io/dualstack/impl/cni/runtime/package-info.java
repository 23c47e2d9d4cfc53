/**
 * The other side of the Container Network Interface: what a container runtime does. Finds a
 * network's configuration, executes its plugins one after another, keeps their result, and undoes
 * what a failed attachment left. Open {@link io.dualstack.impl.cni.runtime.NetworkRuntime} first.
 */
@NullMarked
package io.dualstack.impl.cni.runtime;

import org.jspecify.annotations.NullMarked;
