package io.dualstack.impl.routing.tcp;

import io.dualstack.routing.RouteHost;

/** Names that may stand in a line of a configuration without ending or splitting it. */
final class ServerNames {

  private ServerNames() {}

  /** Whether a text is a host name, and no address. */
  static boolean isName(String text) {
    try {
      return RouteHost.parse(text) instanceof RouteHost.Name;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Whether a text is empty or a single word of what GUIDs and names have. */
  static boolean isInstanceId(String text) {
    return text.matches("[A-Za-z0-9._-]*");
  }
}
