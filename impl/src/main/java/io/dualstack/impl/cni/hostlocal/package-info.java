/**
 * The IPAM plugin host-local: its directory of files, which the original reads and writes too, its
 * allocation, its configuration and its commands. Open {@link
 * io.dualstack.impl.cni.hostlocal.HostLocalIpam} first.
 *
 * <p>The directory is the authority, the index of it is a memory of what was read. Both are only
 * touched under the lock that the original takes.
 */
@NullMarked
package io.dualstack.impl.cni.hostlocal;

import org.jspecify.annotations.NullMarked;
