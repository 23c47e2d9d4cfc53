/** The choice of what enforces a cell's firewall. */
@NullMarked
package io.dualstack.impl.firewall.backend;

import org.jspecify.annotations.NullMarked;
