package io.dualstack.impl.kernel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/**
 * A file that is its own lock, by flock(2), and is changed in place: others may hold or wait for
 * the lock on it, so that no other file can take its name.
 *
 * <p>A change is one write of the new content over the old, cut to size after that. A process
 * killed in between leaves the new content with a rest of the old behind it, which a reader of one
 * JSON value skips.
 */
public final class LockedFile implements AutoCloseable {
  private final Path file;
  private final Flock lock;

  private LockedFile(Path file, Flock lock) {
    this.file = file;
    this.lock = lock;
  }

  /**
   * Waits for the lock. A file that is not there is made (mode 0600), with its directories (0700).
   *
   * @throws IOException if it can't be made or locked
   */
  public static LockedFile open(Path file) throws IOException {
    create(file);
    return new LockedFile(file, Flock.lock(file));
  }

  /** Takes the lock as {@link #open} does; empty if somebody else has it now. */
  public static Optional<LockedFile> tryOpen(Path file) throws IOException {
    create(file);
    return Flock.tryLock(file).map(lock -> new LockedFile(file, lock));
  }

  private static void create(Path file) throws IOException {
    if (Files.exists(file)) {
      return;
    }
    Path directory = file.toAbsolutePath().getParent();
    if (directory != null) {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    Files.newByteChannel(
            file,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))
        .close();
  }

  /** Reads it whole. */
  public byte[] read() throws IOException {
    return Files.readAllBytes(file);
  }

  /** Replaces its content. */
  public void overwrite(String text) throws IOException {
    ByteBuffer content = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    int length = content.remaining();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      while (content.hasRemaining()) {
        int written = channel.write(content);
        assert written >= 0;
      }
      channel.truncate(length);
    }
  }

  /** Releases the lock. */
  @Override
  public void close() {
    lock.close();
  }
}
