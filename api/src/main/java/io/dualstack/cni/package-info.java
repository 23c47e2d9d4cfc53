/**
 * The Container Network Interface: its results and errors, and the IPAM plugin {@code host-local}
 * as a part of one's own process. Open {@link io.dualstack.cni.Ipam} first; the vocabulary is that
 * of the CNI specification 1.1.0.
 *
 * <p>The values know nothing of JSON. Where a version of the protocol lacks a field, the writer of
 * that version leaves it out; fields that no version knows are kept in the maps called {@code
 * others}.
 */
@NullMarked
package io.dualstack.cni;

import org.jspecify.annotations.NullMarked;
