package io.dualstack.impl.kernel.rtnetlink;

import com.google.common.base.Verify;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;

/** Writes one message: its header, the header of its kind, and attributes. */
final class Message {
  static final int NEW_LINK = 16;
  static final int DELETE_LINK = 17;
  static final int SET_LINK = 19;
  static final int NEW_ADDRESS = 20;
  static final int GET_ADDRESS = 22;
  static final int NEW_ROUTE = 24;
  static final int GET_ROUTE = 26;
  static final int NEW_NEIGHBOR = 28;
  static final int DELETE_NEIGHBOR = 29;
  static final int GET_NEIGHBOR = 30;

  static final int REPLACE = 0x100;
  static final int EXCLUSIVE = 0x200;
  static final int CREATE = 0x400;

  private static final int REQUEST = 1;
  private static final int ACKNOWLEDGE = 4;
  private static final int HEADER_BYTES = 16;
  private static final int ATTRIBUTE_HEADER_BYTES = 4;
  private static final int ALIGNMENT = 4;

  /** More than any message here needs. */
  private static final int CAPACITY = 512;

  private final ByteBuffer bytes = ByteBuffer.allocate(CAPACITY).order(ByteOrder.nativeOrder());

  /** Begins a message that the kernel acknowledges. */
  Message(int type, int flags) {
    bytes.putInt(0).putShort((short) type).putShort((short) (REQUEST | ACKNOWLEDGE | flags));
    bytes.putInt(0).putInt(0);
    Verify.verify(bytes.position() == HEADER_BYTES);
  }

  /** struct ifinfomsg. */
  Message link(int index, int flags, int change) {
    bytes.put((byte) 0).put((byte) 0).putShort((short) 0).putInt(index);
    bytes.putInt(flags).putInt(change);
    return this;
  }

  /** struct ifaddrmsg. */
  Message address(int family, int prefixLength, int scope, int index) {
    bytes.put((byte) family).put((byte) prefixLength).put((byte) 0).put((byte) scope);
    bytes.putInt(index);
    return this;
  }

  /** struct rtmsg, of a unicast route. */
  Message route(int family, int prefixLength, int table, int protocol, int scope) {
    int unicast = 1;
    bytes.put((byte) family).put((byte) prefixLength).put((byte) 0).put((byte) 0);
    bytes.put((byte) table).put((byte) protocol).put((byte) scope).put((byte) unicast).putInt(0);
    return this;
  }

  /** struct ndmsg. */
  Message neighbor(int family, int index, int state, int flags) {
    bytes.put((byte) family).put((byte) 0).putShort((short) 0).putInt(index);
    bytes.putShort((short) state).put((byte) flags).put((byte) 0);
    return this;
  }

  Message attribute(int type, byte[] value) {
    bytes.putShort((short) (ATTRIBUTE_HEADER_BYTES + value.length)).putShort((short) type);
    bytes.put(value);
    return align();
  }

  Message attribute(int type, int value) {
    ByteBuffer number = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.nativeOrder());
    return attribute(type, number.putInt(value).array());
  }

  /** Text ended by a zero byte. */
  Message attribute(int type, String text) {
    return attribute(type, (text + "\0").getBytes(StandardCharsets.UTF_8));
  }

  /** An attribute made of what is written into it. */
  Message nested(int type, UnaryOperator<Message> content) {
    int start = bytes.position();
    bytes.putShort((short) 0).putShort((short) type);
    Verify.verify(content.apply(this) == this);
    bytes.putShort(start, (short) (bytes.position() - start));
    return this;
  }

  private Message align() {
    while (bytes.position() % ALIGNMENT != 0) {
      bytes.put((byte) 0);
    }
    return this;
  }

  /** Returns the message with its length and number filled in. */
  ByteBuffer numbered(int sequence) {
    bytes.putInt(0, bytes.position()).putInt(2 * Integer.BYTES, sequence);
    return bytes.duplicate().order(ByteOrder.nativeOrder()).flip();
  }
}
