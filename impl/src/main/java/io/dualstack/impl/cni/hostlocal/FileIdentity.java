package io.dualstack.impl.cni.hostlocal;

import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * What tells a file from a later one of the same name. Inodes are used again and clocks tick
 * coarsely, so a file that changed a moment before it was looked at has no identity yet.
 *
 * @param key the inode
 * @param modified nanoseconds since 1970
 * @param size in bytes
 */
record FileIdentity(Object key, long modified, long size) {
  /** More than the coarsest tick of a file system we may meet, which is a second. */
  private static final long SETTLED_AFTER = TimeUnit.SECONDS.toNanos(2);

  static FileIdentity of(BasicFileAttributes attributes) {
    return new FileIdentity(
        Objects.requireNonNullElse(attributes.fileKey(), ""),
        attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS),
        attributes.size());
  }

  /** Tells whether a change after this look would show in the identity. */
  boolean isSettled() {
    long now = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
    return now - modified > SETTLED_AFTER;
  }
}
