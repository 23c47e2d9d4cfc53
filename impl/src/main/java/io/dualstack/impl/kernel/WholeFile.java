package io.dualstack.impl.kernel;

import com.sun.jna.LastErrorException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Makes a file that is there with all its content or not at all: written without a name
 * (O_TMPFILE), then linked under it. Nobody ever sees it empty or torn, no matter when this process
 * dies, and no temporary file has a name. Where the file system can't do that, the file is made
 * under its name.
 */
public final class WholeFile {
  /** Together with O_DIRECTORY, which has another value on ARM. */
  private static final int O_TMPFILE =
      0x40_0000 | (System.getProperty("os.arch").startsWith("aarch") ? 0x4000 : 0x1_0000);

  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");
  private static final int MODE = 0600;

  private WholeFile() {}

  /**
   * Makes a file with mode 0600 unless there is one of that name.
   *
   * @param synced whether its content has reached the disk when this returns; its name has not
   * @return whether it was made
   * @throws IOException if it can't be made; then it isn't there
   */
  public static boolean create(Path file, byte[] content, boolean synced) throws IOException {
    int fd;
    try {
      fd =
          Libc.open(
              String.valueOf(file.getParent()), O_TMPFILE | Libc.O_WRONLY | Libc.O_CLOEXEC, MODE);
    } catch (LastErrorException e) {
      return createNamed(file, content, synced);
    }
    try {
      if (Libc.write(fd, content, content.length) != content.length) {
        throw new IOException(file + ": could not be written whole; is the disk full?");
      }
      if (synced) {
        int unused = Libc.fdatasync(fd);
      }
      return link(fd, file) || createNamedIfNeeded(file, content, synced);
    } catch (LastErrorException e) {
      throw new IOException(file + ": can't be written: " + e.getMessage(), e);
    } finally {
      int unused = Libc.close(fd);
    }
  }

  private static boolean link(int fd, Path file) {
    try {
      return Libc.linkat(
              Libc.AT_FDCWD,
              "/proc/self/fd/" + fd,
              Libc.AT_FDCWD,
              file.toString(),
              Libc.AT_SYMLINK_FOLLOW)
          == 0;
    } catch (LastErrorException e) {
      return false;
    }
  }

  /** After a failed link: because the name is taken, or because the file system links nothing. */
  private static boolean createNamedIfNeeded(Path file, byte[] content, boolean synced)
      throws IOException {
    return !Files.exists(file, LinkOption.NOFOLLOW_LINKS) && createNamed(file, content, synced);
  }

  private static boolean createNamed(Path file, byte[] content, boolean synced) throws IOException {
    boolean whole = false;
    try (SeekableByteChannel channel =
        Files.newByteChannel(
            file,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(OWNER_ONLY))) {
      try {
        ByteBuffer bytes = ByteBuffer.wrap(content);
        while (bytes.hasRemaining()) {
          int unused = channel.write(bytes);
        }
        if (synced) {
          ((FileChannel) channel).force(false);
        }
        whole = true;
      } finally {
        if (!whole) {
          Files.deleteIfExists(file);
        }
      }
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }
}
