/**
 * The firewall of a cell by nftables: the model written down as one table of maps and sets, in
 * which a packet is looked up instead of compared with rule after rule. Open {@link
 * io.dualstack.impl.firewall.nftables.NftablesBackend} first.
 */
@NullMarked
package io.dualstack.impl.firewall.nftables;

import org.jspecify.annotations.NullMarked;
