/**
 * The network part of a BOSH Cloud Provider Interface: one JSON request in, one JSON answer out.
 * The reference for whoever adds IPv6 to a CPI of his own.
 */
@NullMarked
package io.dualstack.impl.cpi;

import org.jspecify.annotations.NullMarked;
