/**
 * The devices of a container: their names, the commands and settings that make them, in both
 * families, and their end. {@link io.dualstack.impl.cni.link.VethLink} is where to start.
 */
@NullMarked
package io.dualstack.impl.cni.link;

import org.jspecify.annotations.NullMarked;
