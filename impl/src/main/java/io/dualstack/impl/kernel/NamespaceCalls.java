package io.dualstack.impl.kernel;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;

/** The three calls that entering a namespace takes; loading this class needs JNA. */
final class NamespaceCalls {
  static final int CLONE_NEWNET = 0x4000_0000;
  static final int READ_ONLY_CLOSE_ON_EXEC = 0x8_0000;

  static {
    Native.register(NamespaceCalls.class, "c");
  }

  private NamespaceCalls() {}

  static native int open(String path, int flags) throws LastErrorException;

  static native int close(int descriptor) throws LastErrorException;

  static native int setns(int descriptor, int type) throws LastErrorException;
}
