/**
 * The systemd-networkd files of a machine, as its BOSH agent writes them, and for both families on
 * one NIC. Open {@link io.dualstack.impl.host.networkd.NetworkdFiles} first.
 */
@NullMarked
package io.dualstack.impl.host.networkd;

import org.jspecify.annotations.NullMarked;
