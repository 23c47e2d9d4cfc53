package io.dualstack.impl.kernel.nftables;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** What the kernel keeps for {@code nft}, so that it can list what it did not write. */
final class UserData {
  private static final int COMMENT = 0;
  private static final int KEY_ORDER = 0;
  private static final int VALUE_ORDER = 1;

  private UserData() {}

  /** Returns an element's comment. */
  static byte[] comment(String text) {
    byte[] bytes = (text + "\0").getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(2 + bytes.length)
        .put((byte) COMMENT)
        .put((byte) bytes.length)
        .put(bytes)
        .array();
  }

  /** Returns in which order a set's keys, and a map's values, have their bytes. */
  static byte[] orders(SetType type) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(order(KEY_ORDER, type.keyOrder()));
    if (type.isMap()) {
      out.writeBytes(order(VALUE_ORDER, type.valueOrder()));
    }
    return out.toByteArray();
  }

  private static byte[] order(int which, int order) {
    return ByteBuffer.allocate(2 + Integer.BYTES)
        .order(ByteOrder.nativeOrder())
        .put((byte) which)
        .put((byte) Integer.BYTES)
        .putInt(order)
        .array();
  }
}
