package io.dualstack.impl.kernel.nftables;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/** Writes messages and the attributes in them; numbers are big-endian where not said otherwise. */
final class Attributes {
  private static final int HEADER_BYTES = 4;
  private static final int ALIGNMENT = 4;
  private static final int NESTED = 0x8000;

  private byte[] bytes = new byte[256];
  private int length;

  int length() {
    return length;
  }

  byte[] bytes() {
    return bytes;
  }

  /** Appends bytes, and zeros up to the next boundary. */
  Attributes raw(byte[] more) {
    int padded = length + more.length + ALIGNMENT - 1 & -ALIGNMENT;
    if (padded > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(padded, 2 * bytes.length));
    }
    System.arraycopy(more, 0, bytes, length, more.length);
    length = padded;
    return this;
  }

  /** Appends another's content. */
  Attributes raw(Attributes others) {
    return raw(Arrays.copyOf(others.bytes, others.length));
  }

  /** Appends what messages begin with, in the order of the machine's bytes. */
  Attributes raw(Consumer<ByteBuffer> content, int size) {
    ByteBuffer buffer = ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
    content.accept(buffer);
    return raw(buffer.array());
  }

  Attributes value(int type, byte[] value) {
    raw(header(type, HEADER_BYTES + value.length));
    return raw(value);
  }

  private static byte[] header(int type, int size) {
    if (size > 0xffff) {
      throw new IllegalArgumentException(size + " bytes: are more than an attribute holds");
    }
    return ByteBuffer.allocate(HEADER_BYTES)
        .order(ByteOrder.nativeOrder())
        .putShort((short) size)
        .putShort((short) type)
        .array();
  }

  Attributes number(int type, long value) {
    return value(type, ByteBuffer.allocate(Integer.BYTES).putInt((int) value).array());
  }

  Attributes wide(int type, long value) {
    return value(type, ByteBuffer.allocate(Long.BYTES).putLong(value).array());
  }

  /** Text ended by a zero byte. */
  Attributes text(int type, String text) {
    return value(type, (text + "\0").getBytes(StandardCharsets.UTF_8));
  }

  /** An attribute made of what is written into it. */
  Attributes nested(int type, Consumer<Attributes> content) {
    int start = length;
    raw(header(type | NESTED, HEADER_BYTES));
    content.accept(this);
    System.arraycopy(header(type | NESTED, length - start), 0, bytes, start, HEADER_BYTES);
    return this;
  }

  /** Sets flags of the message that begins at a place. */
  void raise(int start, int flags) {
    ByteBuffer message = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    int at = start + Integer.BYTES + Short.BYTES;
    message.putShort(at, (short) (message.getShort(at) | flags));
  }

  /** Writes the length of the message that begins at a place and ends here. */
  void close(int start) {
    ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).putInt(start, length - start);
  }
}
