package io.dualstack.impl.lab.trace;

import io.dualstack.firewall.Packet;
import io.dualstack.impl.firewall.cell.CellFilter;
import io.dualstack.impl.lab.LabModel;
import io.dualstack.net.IpAddress;
import io.dualstack.net.MacAddress;
import org.jspecify.annotations.Nullable;

/** What configuration has one hop do with the packet. */
sealed interface PlannedHop {
  /** Where it happens. */
  LabModel.Host host();

  /** How the packet's way ends here; null if it goes on. */
  @Nullable Ending ending();

  /** The ways to end. */
  enum Ending {
    /** It is where it should go. */
    DELIVERED,
    /** A rule refuses it, and tells its sender. */
    REJECTED,
    /** A rule drops it. */
    DROPPED,
    /** There is no route. */
    UNROUTED,
    /** Nobody answers for the next hop. */
    UNANSWERED
  }

  /**
   * A bridge passes the packet on.
   *
   * @param in the port it comes in by
   * @param out the port it leaves by
   * @param within whether it is in a tunnel's packet
   */
  record Bridged(LabModel.Host host, String in, String out, boolean within) implements PlannedHop {
    @Override
    public @Nullable Ending ending() {
      return null;
    }
  }

  /**
   * A host sends, forwards or takes the packet.
   *
   * @param in the device it comes in by; empty where it begins
   * @param guarded whether it comes from a container, whose source is looked at
   * @param arrived the packet as it comes in
   * @param routed the packet as it is routed
   * @param route where to
   * @param filter what the cell's firewall does; null where there is none on the way
   * @param left the packet as it leaves
   * @param next who is next on the link; null where it does not leave
   */
  record Routed(
      LabModel.Host host,
      String in,
      boolean guarded,
      Packet arrived,
      Packet routed,
      RouteChoice route,
      CellFilter.@Nullable Outcome filter,
      Packet left,
      @Nullable Next next,
      @Nullable Ending ending)
      implements PlannedHop {}

  /**
   * Who is next on the link.
   *
   * @param address the next hop's address
   * @param fixed its hardware address, if that is laid down
   * @param holder who has the address, or answers for it; empty if nobody
   * @param tunnel the address that a tunnel leads to; null for a link that is none
   */
  record Next(
      IpAddress address, @Nullable MacAddress fixed, String holder, @Nullable IpAddress tunnel) {}
}
