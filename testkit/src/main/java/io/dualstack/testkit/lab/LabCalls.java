package io.dualstack.testkit.lab;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The calls of the C library that Java has no words for. */
final class LabCalls {
  static final int CLONE_NEWNET = 0x4000_0000;
  static final int READ_ONLY_CLOSE_ON_EXEC = 0x8_0000;
  static final int AF_PACKET = 17;
  static final int SOCK_DGRAM_CLOSE_ON_EXEC = 2 | 0x8_0000;
  static final int ETH_P_ALL = 3;
  static final int SOCKADDR_LL_LENGTH = 20;
  static final short POLLIN = 1;

  static {
    Native.register(LabCalls.class, "c");
  }

  private LabCalls() {}

  static native int open(String path, int flags) throws LastErrorException;

  static native int close(int descriptor) throws LastErrorException;

  static native int setns(int descriptor, int type) throws LastErrorException;

  static native int socket(int domain, int type, int protocol) throws LastErrorException;

  static native int bind(int socket, byte[] address, int length) throws LastErrorException;

  static native int poll(byte[] set, long count, int milliseconds) throws LastErrorException;

  static native long recvfrom(
      int socket, byte[] into, long size, int flags, byte[] from, int[] fromLength)
      throws LastErrorException;

  static native long sendto(int socket, byte[] from, long size, int flags, byte[] to, int toLength)
      throws LastErrorException;

  /** 0 says that there is no such device. */
  static native int if_nametoindex(String name);

  /** An address of the link layer, struct sockaddr_ll. */
  static byte[] linkAddress(int protocol, int device, byte[] hardwareAddress) {
    byte[] address = new byte[SOCKADDR_LL_LENGTH];
    ByteBuffer fields = ByteBuffer.wrap(address).order(ByteOrder.nativeOrder());
    fields.putShort((short) AF_PACKET);
    fields.order(ByteOrder.BIG_ENDIAN).putShort((short) protocol);
    fields.order(ByteOrder.nativeOrder()).putInt(device).putShort((short) 1);
    fields.put((byte) 0).put((byte) hardwareAddress.length).put(hardwareAddress);
    return address;
  }
}
