package io.dualstack.impl.kernel;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Reads the attributes of a message of the kernel. */
public final class NetlinkAttributes {
  private static final int HEADER_BYTES = 4;
  private static final int ALIGNMENT = 4;
  private static final int TYPE_MASK = 0x3fff;

  private NetlinkAttributes() {}

  /**
   * Returns the values of attributes by their types, of a type that is there twice the last.
   *
   * @param message in the order of the machine's bytes
   * @param from where the first attribute begins
   * @param end where the last one ends at the latest
   */
  public static Map<Integer, byte[]> read(ByteBuffer message, int from, int end) {
    Map<Integer, byte[]> values = new HashMap<>();
    int at = from;
    while (at + HEADER_BYTES <= end) {
      int length = Math.max(message.getShort(at) & 0xffff, HEADER_BYTES);
      if (at + length > end) {
        break;
      }
      byte[] value = Arrays.copyOfRange(message.array(), at + HEADER_BYTES, at + length);
      values.put(message.getShort(at + Short.BYTES) & TYPE_MASK, value);
      at += length + ALIGNMENT - 1 & -ALIGNMENT;
    }
    return values;
  }
}
