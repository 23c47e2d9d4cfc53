package io.dualstack.provider;

import static java.util.Objects.requireNonNull;

import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpSet;
import java.util.List;

/**
 * A subnet as the infrastructure knows it.
 *
 * @param id the infrastructure's identifier
 * @param zone the availability zone; empty if it spans all
 * @param ranges its ranges, of either family
 * @param used addresses in use there, as far as the infrastructure tells
 */
public record ProviderPool(String id, String zone, List<IpPrefix> ranges, IpSet used) {

  /**
   * Copies the ranges.
   *
   * @param id the infrastructure's identifier
   * @param zone the availability zone
   * @param ranges its ranges, of either family
   * @param used addresses in use there, as far as the infrastructure tells
   */
  public ProviderPool {
    requireNonNull(id, "id");
    requireNonNull(zone, "zone");
    requireNonNull(used, "used");
    ranges = List.copyOf(ranges);
  }
}
