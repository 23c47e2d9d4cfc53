package io.dualstack.impl.lease.registry;

/**
 * How full a registry is.
 *
 * @param total all leases, expired or not
 * @param freeBlocks the blocks of the pool less all leases, singles included, as the Silk
 *     controller counts them; never negative
 * @param stale leases that have not been renewed for a while
 */
public record LeaseUsage(long total, long freeBlocks, long stale) {}
