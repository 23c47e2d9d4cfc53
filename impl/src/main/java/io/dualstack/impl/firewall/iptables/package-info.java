/**
 * The firewall of a cell in iptables and ip6tables, with the chains, rules and marks that cells
 * have always had. Open {@link io.dualstack.impl.firewall.iptables.IptablesBackend} first.
 */
@NullMarked
package io.dualstack.impl.firewall.iptables;

import org.jspecify.annotations.NullMarked;
