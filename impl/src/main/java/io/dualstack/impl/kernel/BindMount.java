package io.dualstack.impl.kernel;

import com.sun.jna.LastErrorException;
import io.dualstack.KernelException;
import io.dualstack.MissingDependencyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * A name for a namespace: its file mounted on an ordinary one, so that the namespace lives on when
 * its last process has ended.
 */
public final class BindMount {
  private BindMount() {}

  /**
   * Mounts a file on another, which is made if needed, with its directories (mode 0700). Where that
   * fails, a file that was made is removed.
   *
   * @throws KernelException if the kernel refuses
   * @throws MissingDependencyException without JNA
   */
  public static void mount(Path source, Path target) throws IOException {
    Path directory = target.toAbsolutePath().getParent();
    if (directory != null) {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    boolean made = !Files.exists(target, LinkOption.NOFOLLOW_LINKS);
    if (made) {
      Files.createFile(
          target,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    boolean mounted = false;
    try {
      mounted = Libc.mount(source.toString(), target.toString(), "none", Libc.MS_BIND, null) == 0;
    } catch (LastErrorException e) {
      throw new KernelException(
          "mount " + source + " on " + target, String.valueOf(e.getMessage()), e);
    } catch (LinkageError e) {
      throw new MissingDependencyException(target.toString(), "net.java.dev.jna:jna", e);
    } finally {
      if (made && !mounted) {
        Files.deleteIfExists(target);
      }
    }
  }

  /**
   * Tells whether something is mounted on a file.
   *
   * @return false when there is no such file
   */
  public static boolean isMounted(Path target) throws IOException {
    Path directory = target.toAbsolutePath().getParent();
    return directory != null && Files.exists(target) && !device(target).equals(device(directory));
  }

  private static Object device(Path file) throws IOException {
    return Files.getAttribute(file, "unix:dev");
  }

  /**
   * Takes off all that is mounted on a file and removes it; does nothing when there is none. Who
   * has the namespace open keeps it.
   *
   * @throws KernelException if the kernel refuses
   */
  public static void remove(Path target) throws IOException {
    while (isMounted(target)) {
      try {
        int done = Libc.umount2(target.toString(), Libc.MNT_DETACH);
        assert done == 0;
      } catch (LastErrorException e) {
        throw new KernelException("unmount " + target, String.valueOf(e.getMessage()), e);
      } catch (LinkageError e) {
        throw new MissingDependencyException(target.toString(), "net.java.dev.jna:jna", e);
      }
    }
    Files.deleteIfExists(target);
  }
}
