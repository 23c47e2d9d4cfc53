package io.dualstack.impl.host.ipv6;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a host is for, and so what it needs of its kernel's settings. */
public enum Need {
  /** To have IPv6 addresses. */
  ADDRESSES,
  /** To pass packets on to containers as well. */
  CELL;

  static final String DISABLE = "disable_ipv6";
  static final String ACCEPT = "accept_ra";
  static final String FORWARD = "forwarding";

  /** The settings of devices that matter. */
  static final List<String> VARIABLES = List.of(ACCEPT, DISABLE, FORWARD);

  /**
   * Says what a setting must be.
   *
   * @param device the device's name, {@code all}, {@code default}, or a pattern
   * @param uplink whether the device is hardware, through which routers may be heard
   * @param value what it is
   * @return what it should be; empty if it is right
   */
  Optional<Wrong> judge(String device, boolean uplink, String variable, String value) {
    Integer number = number(value);
    return switch (variable) {
      case DISABLE -> isNot(number, 0) ? Optional.of(disabled(device)) : Optional.empty();
      case ACCEPT -> accept(device, uplink, number);
      case FORWARD ->
          this == CELL && device.equals("all") && isNot(number, 1)
              ? Optional.of(
                  new Wrong("1", "no packet reaches a container: the cell doesn't pass packets on"))
              : Optional.empty();
      default -> Optional.empty();
    };
  }

  /** Whether a setting must be written down, as the kernel's own value isn't the right one. */
  boolean mustBeSet(String device, String variable) {
    return this == CELL && device.equals("all") && variable.equals(FORWARD);
  }

  private static Wrong disabled(String device) {
    return new Wrong(
        "0",
        switch (device) {
          case "all" -> "no device can have an IPv6 address";
          case "default" -> "no device that comes later can have an IPv6 address";
          case "lo" -> "::1 isn't there";
          default -> "the device can have no IPv6 address";
        });
  }

  private Optional<Wrong> accept(String device, boolean uplink, @Nullable Integer number) {
    if (device.equals("default") && !isNot(number, 0)) {
      return Optional.of(
          new Wrong(
              "1", "devices that come later don't hear routers, unless a program listens there"));
    }
    if (this == CELL && uplink && !isNot(number, 1)) {
      return Optional.of(
          new Wrong("2", "with forwarding on, 1 means that routers are no more heard"));
    }
    return Optional.empty();
  }

  private static boolean isNot(@Nullable Integer number, int wanted) {
    return number == null || number != wanted;
  }

  /** Numbers as the kernel reads them; null for what is none. */
  private static @Nullable Integer number(String value) {
    try {
      return Integer.decode(value);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /**
   * A value that isn't right.
   *
   * @param right what it should be
   * @param why what is bad about it
   */
  record Wrong(String right, String why) {}
}
