package io.dualstack.impl.kernel;

import com.sun.jna.LastErrorException;
import io.dualstack.MissingDependencyException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A lock by flock(2), as Go programs take it. {@link java.nio.channels.FileChannel#lock()} is
 * another kind of lock, and the two don't exclude each other. Held by the open file: so it excludes
 * other threads of the same process too, and the kernel releases it when the process ends.
 */
public final class Flock implements AutoCloseable {
  private static final int MODE = 0750;

  private final int fd;

  private Flock(int fd) {
    this.fd = fd;
  }

  /**
   * Waits for the lock, without a limit. The file is made if needed and never removed.
   *
   * @throws IOException if the file can't be opened or locked
   * @throws MissingDependencyException without JNA
   */
  public static Flock lock(Path file) throws IOException {
    return open(file, Libc.LOCK_EX)
        .orElseThrow(() -> new IOException(file + ": is locked, though it was waited for"));
  }

  /**
   * Takes the lock if nobody has it.
   *
   * @return the lock; empty if somebody has it now
   * @throws IOException if the file can't be opened or locked
   * @throws MissingDependencyException without JNA
   */
  public static Optional<Flock> tryLock(Path file) throws IOException {
    return open(file, Libc.LOCK_EX | Libc.LOCK_NB);
  }

  private static Optional<Flock> open(Path file, int operation) throws IOException {
    try {
      return opened(file, operation);
    } catch (NoClassDefFoundError | UnsatisfiedLinkError e) {
      throw new MissingDependencyException(file.toString(), "net.java.dev.jna:jna", e);
    } catch (LastErrorException e) {
      throw new IOException(file + ": can't be locked: " + e.getMessage(), e);
    }
  }

  private static Optional<Flock> opened(Path file, int operation) {
    int fd = Libc.open(file.toString(), Libc.O_CREAT | Libc.O_RDONLY | Libc.O_CLOEXEC, MODE);
    boolean locked = false;
    try {
      while (!locked) {
        locked = isLocked(fd, operation);
      }
      return Optional.of(new Flock(fd));
    } catch (LastErrorException e) {
      if (e.getErrorCode() == Libc.EWOULDBLOCK) {
        return Optional.empty();
      }
      throw e;
    } finally {
      if (!locked) {
        int unused = Libc.close(fd);
      }
    }
  }

  private static boolean isLocked(int fd, int operation) {
    try {
      return Libc.flock(fd, operation) == 0;
    } catch (LastErrorException e) {
      if (e.getErrorCode() == Libc.EINTR) {
        return false;
      }
      throw e;
    }
  }

  /** Releases the lock. */
  @Override
  public void close() {
    int unused = Libc.close(fd);
  }
}
