package io.dualstack.impl.kernel.rtnetlink;

import io.dualstack.impl.kernel.NetlinkAttributes;
import java.nio.ByteBuffer;

/** Reads a message about a link: its header, struct ifinfomsg, and attributes. */
final class LinkMessage {
  private static final int TYPE_AT = 4;
  private static final int FAMILY_AT = 16;
  private static final int LINK_AT = 20;
  private static final int ATTRIBUTES_AT = 32;

  /** IFLA_NEW_NETNSID. */
  private static final int NEW_NAMESPACE = 45;

  private LinkMessage() {}

  /** Returns the number of the link that a message is about. */
  static int link(ByteBuffer message) {
    return message.getInt(LINK_AT);
  }

  /**
   * Whether a message says that a link is removed. Nothing but the type is the same when it leaves
   * for another namespace, or a bridge.
   */
  static boolean isRemoval(ByteBuffer message, int link) {
    return isWhole(message)
        && message.getShort(TYPE_AT) == Message.DELETE_LINK
        && message.get(FAMILY_AT) == 0
        && link(message) == link
        && !NetlinkAttributes.read(message, ATTRIBUTES_AT, message.limit())
            .containsKey(NEW_NAMESPACE);
  }

  private static boolean isWhole(ByteBuffer message) {
    return message.limit() >= ATTRIBUTES_AT && message.getInt(0) <= message.limit();
  }
}
