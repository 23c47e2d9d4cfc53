package io.dualstack.impl.kernel;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * The system calls that Java has no other way to make, each directly mapped; loading this class
 * needs JNA.
 */
final class Libc {
  static final int O_RDONLY = 0;
  static final int O_WRONLY = 1;
  static final int O_CREAT = 0x40;
  static final int O_CLOEXEC = 0x80000;

  static final int LOCK_EX = 2;
  static final int LOCK_NB = 4;

  static final int AT_FDCWD = -100;
  static final int AT_SYMLINK_FOLLOW = 0x400;

  static final long MS_BIND = 0x1000;
  static final int MNT_DETACH = 2;

  static final int EINTR = 4;
  static final int EWOULDBLOCK = 11;

  static final int CLONE_NEWNET = 0x4000_0000;

  static {
    Native.register(Libc.class, "c");
  }

  private Libc() {}

  static native int open(String path, int flags, int mode) throws LastErrorException;

  static native int close(int fd) throws LastErrorException;

  static native int setns(int fd, int type) throws LastErrorException;

  static native int flock(int fd, int operation) throws LastErrorException;

  static native long write(int fd, byte[] bytes, long length) throws LastErrorException;

  static native int fdatasync(int fd) throws LastErrorException;

  static native int mount(
      String source, String target, String type, long flags, @Nullable Pointer data)
      throws LastErrorException;

  static native int umount2(String target, int flags) throws LastErrorException;

  static native int linkat(int fromDirectory, String from, int toDirectory, String to, int flags)
      throws LastErrorException;
}
