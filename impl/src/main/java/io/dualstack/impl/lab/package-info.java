/**
 * A whole foundation on one machine, in network namespaces: machines as a manifest says, their
 * roles, containers with small servers in them, and checks of who reaches whom. Open {@link
 * io.dualstack.impl.lab.Lab} first.
 */
@NullMarked
package io.dualstack.impl.lab;

import org.jspecify.annotations.NullMarked;
