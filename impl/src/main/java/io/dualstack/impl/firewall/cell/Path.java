package io.dualstack.impl.firewall.cell;

/**
 * The ways of packets through a cell's firewall that a container has rules for, in the order in
 * which a forwarded packet meets them: first the paths of the container it comes from, up to {@link
 * #TO_OVERLAY}, then those of the container it goes to, then {@link #ELSEWHERE} of its source
 * again. A packet that no rule on a path decides about goes on to the next; one that no path
 * decides about is the host's own affair, and passes.
 */
public enum Path {
  /**
   * From the container to the cell itself. By IPv4 its packets are told by their source; by IPv6 by
   * the device they come in by, as they may have a link-local source.
   */
  TO_HOST,
  /** From the container's address out of an underlay device. */
  EGRESS,
  /** From the container's address out of the overlay device. */
  TO_OVERLAY,
  /** To the container's address, come in by an underlay device. */
  FROM_UNDERLAY,
  /** To the container's address, wherever it comes from. */
  TO_CONTAINER,
  /** From the container's address to where no other path leads. */
  ELSEWHERE
}
