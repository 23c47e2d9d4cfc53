/**
 * Scripts of {@code nft} carried out by this process itself: read, and told to the kernel as one
 * transaction. {@code nft} and its library ask the kernel for every table, chain and set there is
 * before they tell it anything, which takes the longer the more there are; this asks nothing. Open
 * {@link io.dualstack.impl.kernel.nftables.Transactions} first.
 */
@NullMarked
package io.dualstack.impl.kernel.nftables;

import org.jspecify.annotations.NullMarked;
