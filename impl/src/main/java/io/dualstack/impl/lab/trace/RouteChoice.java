package io.dualstack.impl.lab.trace;

import io.dualstack.net.IpAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where a packet goes on from a hop, by configuration or by a kernel.
 *
 * @param kind what becomes of it
 * @param via the next hop; null where the destination is on the link
 * @param device the device it leaves by; empty if it does not
 * @param source the source it has if it begins here; null where nothing is laid down
 */
record RouteChoice(Kind kind, @Nullable IpAddress via, String device, @Nullable IpAddress source) {
  static final RouteChoice LOCAL = new RouteChoice(Kind.LOCAL, null, "", null);
  static final RouteChoice NONE = new RouteChoice(Kind.NONE, null, "", null);

  /** What can become of it. */
  enum Kind {
    /** It is for this hop. */
    LOCAL,
    /** It leaves. */
    OUT,
    /** There is no route, or one that refuses. */
    NONE
  }

  static RouteChoice out(@Nullable IpAddress via, String device, @Nullable IpAddress source) {
    return new RouteChoice(Kind.OUT, via, device, source);
  }

  /** Whether both send a packet the same way. */
  boolean isAs(RouteChoice other) {
    return kind == other.kind && device.equals(other.device) && Objects.equals(via, other.via);
  }

  /** The address to find on the link. */
  IpAddress nextHop(IpAddress destination) {
    return via == null ? destination : via;
  }

  String words() {
    return switch (kind) {
      case LOCAL -> "it is here";
      case NONE -> "none";
      case OUT -> (via == null ? "on the link of " : "via " + via + " dev ") + device;
    };
  }
}
