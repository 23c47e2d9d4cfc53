package io.dualstack.impl.http;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * As much of DER as it takes to put a bare private key into the PKCS#8 envelope, the only one that
 * the JDK reads.
 */
final class Der {

  private static final int INTEGER = 0x02;
  private static final int OCTET_STRING = 0x04;
  private static final int SEQUENCE = 0x30;
  private static final int PARAMETERS = 0xa0;

  private static final byte[] VERSION_0 = {INTEGER, 1, 0};
  private static final byte[] RSA_ENCRYPTION = {
    SEQUENCE, 13, 6, 9, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 13, 1, 1, 1, 5, 0
  };
  private static final byte[] EC_PUBLIC_KEY = {
    6, 7, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 2, 1
  };

  private Der() {}

  /** Wraps an RSA key of PKCS#1 (RFC 8017 appendix A.1.2). */
  static byte[] wrapPkcs1(byte[] key) {
    return tagged(SEQUENCE, VERSION_0, RSA_ENCRYPTION, tagged(OCTET_STRING, key));
  }

  /**
   * Wraps an elliptic curve key of SEC 1 (RFC 5915), which must name its curve.
   *
   * @throws IllegalArgumentException if it is anything else
   */
  static byte[] wrapSec1(byte[] key) {
    byte[] curve = curve(key);
    return tagged(
        SEQUENCE, VERSION_0, tagged(SEQUENCE, EC_PUBLIC_KEY, curve), tagged(OCTET_STRING, key));
  }

  private static byte[] curve(byte[] key) {
    try {
      int at = content(key, 0, SEQUENCE);
      at = end(key, at);
      at = end(key, at);
      int curve = content(key, at, PARAMETERS);
      return Arrays.copyOfRange(key, curve, end(key, at));
    } catch (IndexOutOfBoundsException e) {
      throw new IllegalArgumentException("is cut off", e);
    }
  }

  /** Returns where the content of the element at a place begins. */
  private static int content(byte[] der, int at, int tag) {
    if ((der[at] & 0xff) != tag) {
      throw new IllegalArgumentException(
          "has element %02x where %02x belongs".formatted(der[at] & 0xff, tag));
    }
    int first = der[at + 1] & 0xff;
    return at + 2 + (first < 0x80 ? 0 : first & 0x7f);
  }

  /** Returns where the element at a place ends. */
  private static int end(byte[] der, int at) {
    int first = der[at + 1] & 0xff;
    if (first < 0x80) {
      return at + 2 + first;
    }
    int length = 0;
    for (int i = 0; i < (first & 0x7f); i++) {
      length = length << 8 | (der[at + 2 + i] & 0xff);
    }
    return at + 2 + (first & 0x7f) + length;
  }

  private static byte[] tagged(int tag, byte[]... parts) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      content.writeBytes(part);
    }
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.write(tag);
    int length = content.size();
    if (length < 0x80) {
      whole.write(length);
    } else {
      int bytes = (Integer.SIZE - Integer.numberOfLeadingZeros(length) + 7) / 8;
      whole.write(0x80 | bytes);
      for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
        whole.write(length >>> shift);
      }
    }
    whole.writeBytes(content.toByteArray());
    return whole.toByteArray();
  }
}
