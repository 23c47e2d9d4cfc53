package io.dualstack.impl.allocation.store.sqlite;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dualstack.impl.store.StoredText;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes arrays in SQLite's binary JSON, which it stores and walks without parsing: each element is
 * a byte of type and size, up to four more bytes of size, and the payload. Not thread-safe.
 *
 * @see <a href="https://sqlite.org/jsonb.html">The JSONB format</a>
 */
final class Jsonb {

  private static final int NULL = 0;
  private static final int INTEGER = 3;
  private static final int TEXT = 10;
  private static final int ARRAY = 11;

  /** Sizes up to this are in the first byte. */
  private static final int INLINE = 11;

  private static final int ONE_BYTE = 12;
  private static final int TWO_BYTES = 13;
  private static final int FOUR_BYTES = 14;

  private static final byte[] HEX = "0123456789abcdef".getBytes(UTF_8);

  private byte[] bytes;
  private int size;

  Jsonb(int capacity) {
    bytes = new byte[capacity];
  }

  void clear() {
    size = 0;
  }

  int size() {
    return size;
  }

  byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }

  /** Begins an array whose size isn't known yet; returns what {@link #end} must be given. */
  int begin() {
    reserve(5);
    bytes[size++] = (byte) ((FOUR_BYTES << 4) | ARRAY);
    size += 4;
    return size;
  }

  void end(int begun) {
    big(begun - 4, size - begun, 4);
  }

  /** Begins an array of that many bytes. */
  void array(int payload) {
    header(ARRAY, payload);
  }

  /** Writes elements that are encoded already. */
  void encoded(byte[] elements) {
    reserve(elements.length);
    System.arraycopy(elements, 0, bytes, size, elements.length);
    size += elements.length;
  }

  void none() {
    header(NULL, 0);
  }

  void number(long value) {
    int digits = digits(value);
    header(INTEGER, digits);
    reserve(digits);
    long rest = value;
    for (int i = size + digits - 1; i >= size; i--) {
      bytes[i] = (byte) ('0' + Math.abs(rest % 10));
      rest /= 10;
    }
    if (value < 0) {
      bytes[size] = '-';
    }
    size += digits;
  }

  /** Returns how many bytes a number takes, its header among them. */
  static int sizeOf(long value) {
    int digits = digits(value);
    return digits <= INLINE ? 1 + digits : 2 + digits;
  }

  private static int digits(long value) {
    int digits = value < 0 ? 2 : 1;
    for (long rest = value / 10; rest != 0; rest /= 10) {
      digits++;
    }
    return digits;
  }

  /** Writes bytes as text of hexadecimal digits. */
  void hex(byte[] value) {
    header(TEXT, 2 * value.length);
    reserve(2 * value.length);
    for (byte each : value) {
      bytes[size++] = HEX[(each >> 4) & 0xf];
      bytes[size++] = HEX[each & 0xf];
    }
  }

  /**
   * Writes text, or nothing.
   *
   * @throws IllegalArgumentException if the text has half a surrogate pair, which no file could
   *     keep
   */
  void text(@Nullable String value) {
    if (value == null) {
      none();
    } else if (StoredText.isAscii(value)) {
      header(TEXT, value.length());
      reserve(value.length());
      for (int i = 0; i < value.length(); i++) {
        bytes[size++] = (byte) value.charAt(i);
      }
    } else {
      byte[] utf8 = StoredText.utf8(value);
      header(TEXT, utf8.length);
      encoded(utf8);
    }
  }

  private void header(int type, int payload) {
    reserve(5);
    if (payload <= INLINE) {
      bytes[size++] = (byte) ((payload << 4) | type);
    } else if (payload <= 0xff) {
      bytes[size++] = (byte) ((ONE_BYTE << 4) | type);
      bytes[size++] = (byte) payload;
    } else if (payload <= 0xffff) {
      bytes[size++] = (byte) ((TWO_BYTES << 4) | type);
      big(size, payload, 2);
      size += 2;
    } else {
      bytes[size++] = (byte) ((FOUR_BYTES << 4) | type);
      big(size, payload, 4);
      size += 4;
    }
  }

  private void big(int at, int value, int count) {
    for (int i = 0; i < count; i++) {
      bytes[at + i] = (byte) (value >>> (8 * (count - 1 - i)));
    }
  }

  private void reserve(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more));
    }
  }
}
