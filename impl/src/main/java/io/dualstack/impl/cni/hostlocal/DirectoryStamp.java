package io.dualstack.impl.cni.hostlocal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The state of a directory at the end of our own last change, by which another's change is noticed.
 *
 * <p>The time of a directory's last change alone doesn't do: the kernel's clock for it ticks every
 * few milliseconds, and what another process does within the tick of our own change leaves the same
 * time. So the time is set back by a nanosecond after each of our changes, to a value that the
 * clock never gives again; every later change by anybody shows.
 *
 * @param key the inode, as a directory may be replaced
 * @param modified the time of the last change
 */
record DirectoryStamp(Object key, FileTime modified) {

  /** Marks the end of a change of ours; empty if later changes could not be told from it. */
  static Optional<DirectoryStamp> set(Path directory) {
    try {
      BasicFileAttributeView view =
          Files.getFileAttributeView(directory, BasicFileAttributeView.class);
      FileTime changed = view.readAttributes().lastModifiedTime();
      FileTime before = FileTime.from(changed.to(TimeUnit.NANOSECONDS) - 1, TimeUnit.NANOSECONDS);
      view.setTimes(before, null, null);
      DirectoryStamp stamp = read(directory);
      return stamp.modified.compareTo(changed) < 0 ? Optional.of(stamp) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // Not the owner, or a file system without times: list every time.
    }
  }

  static DirectoryStamp read(Path directory) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(directory, BasicFileAttributes.class);
    return new DirectoryStamp(
        Objects.requireNonNullElse(attributes.fileKey(), ""), attributes.lastModifiedTime());
  }
}
