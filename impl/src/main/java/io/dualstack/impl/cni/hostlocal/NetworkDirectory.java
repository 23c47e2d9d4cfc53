package io.dualstack.impl.cni.hostlocal;

import io.dualstack.Diagnostic;
import io.dualstack.cni.IpamDurability;
import io.dualstack.impl.cni.hostlocal.DirectoryIndex.Entry;
import io.dualstack.impl.cni.protocol.Fields;
import io.dualstack.impl.kernel.Flock;
import io.dualstack.impl.kernel.WholeFile;
import io.dualstack.net.IpAddress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory of one network, byte for byte the original's: a file for each address, named by it;
 * a pointer for each set; the lock. With an index that is read again only when another process has
 * changed something.
 *
 * <p>Thread-safe: everything happens in {@link #locked}.
 */
final class NetworkDirectory {
  /** Something to do while the directory is locked. */
  interface Work<T> {
    T run() throws IOException;
  }

  private static final Logger LOG = LoggerFactory.getLogger(NetworkDirectory.class);

  private static final String POINTER = "last_reserved_ip.";

  private final Path path;
  private final boolean durable;
  private final ReentrantLock threads = new ReentrantLock();

  private DirectoryIndex index = new DirectoryIndex();
  private List<Diagnostic> findings = List.of();

  /** The state that the index is of; null if it has to be read. */
  private @Nullable DirectoryStamp stamp;

  /** Whether there are folders, whose changes don't show in the stamp. */
  private boolean foldered;

  private boolean changed;
  private long listings;

  NetworkDirectory(Path path, IpamDurability durability) {
    this.path = path;
    this.durable = durability == IpamDurability.DURABLE;
  }

  /** Makes the directory if needed, takes the lock, brings the index up to date, and works. */
  <T> T locked(Work<T> work) throws IOException {
    threads.lock();
    try {
      if (!Files.isDirectory(path)) {
        create();
      }
      try (Flock lock = Flock.lock(path.resolve("lock"))) {
        refresh();
        changed = false;
        try {
          return work.run();
        } finally {
          settle();
        }
      }
    } finally {
      threads.unlock();
    }
  }

  /** Makes it with those above it, whose names have to last as long as what will be in it. */
  private void create() throws IOException {
    List<Path> changing = new ArrayList<>();
    for (Path each = path.getParent(); each != null; each = each.getParent()) {
      changing.add(each);
      if (Files.isDirectory(each)) {
        break;
      }
    }
    Files.createDirectories(
        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    if (durable) {
      for (Path each : changing) {
        sync(each);
      }
    }
  }

  private static void sync(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private void refresh() throws IOException {
    if (stamp != null && stamp.equals(DirectoryStamp.read(path))) {
      return;
    }
    DirectoryStamp before = stamp;
    DirectoryStamp now = DirectoryStamp.read(path);
    if (before == null || !before.key().equals(now.key())) {
      index = new DirectoryIndex();
    }
    list();
  }

  private void list() throws IOException {
    DirectoryStamp before = DirectoryStamp.read(path);
    DirectoryListing listing = DirectoryListing.refresh(path, index);
    boolean steady = before.equals(DirectoryStamp.read(path));
    listings++;
    listing.findings().stream()
        .filter(finding -> !findings.contains(finding))
        .forEach(
            finding ->
                LOG.atWarn()
                    .addKeyValue("file", finding.source())
                    .addKeyValue("code", finding.code())
                    .log(finding.message()));
    findings = List.copyOf(listing.findings());
    foldered = listing.hasFolders();
    stamp = foldered || !steady ? null : DirectoryStamp.set(path).orElse(null);
  }

  /** Makes a change of ours last, and tells it from later changes of others. */
  private void settle() throws IOException {
    if (!changed) {
      return;
    }
    if (durable) {
      sync(path);
    }
    stamp = foldered ? null : DirectoryStamp.set(path).orElse(null);
  }

  /** Returns how often the directory was read. */
  long listings() {
    return listings;
  }

  DirectoryIndex index() {
    return index;
  }

  List<Diagnostic> findings() {
    return findings;
  }

  /**
   * Takes an address for an owner and moves the pointer of the set there.
   *
   * @return whether it was free
   */
  boolean reserve(IpAddress address, String owner, int set) throws IOException {
    Path file = path.resolve(address.toString());
    byte[] content = owner.getBytes(StandardCharsets.UTF_8);
    if (!WholeFile.create(file, content, durable)) {
      list();
      return false;
    }
    changed = true;
    index.put(new Entry(file, address, OwnerText.read(content), null));
    boolean pointed = false;
    try {
      writePointer(set, address);
      pointed = true;
    } finally {
      if (!pointed) {
        index.remove(file);
        Files.deleteIfExists(file);
      }
    }
    return true;
  }

  private void writePointer(int set, IpAddress address) throws IOException {
    byte[] text = address.toString().getBytes(StandardCharsets.US_ASCII);
    Path file = path.resolve(POINTER + set);
    try (FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      // Not emptied first: a pointer that a crash left empty would start the round again.
      ByteBuffer bytes = ByteBuffer.wrap(text);
      while (bytes.hasRemaining()) {
        int unused = channel.write(bytes);
      }
      channel.truncate(text.length);
      if (durable) {
        channel.force(false);
      }
    }
  }

  /** Returns the address that the set gave last; empty if there is none or it can't be read. */
  Optional<IpAddress> lastReserved(int set) {
    Path file = path.resolve(POINTER + set);
    try {
      return Fields.parseAddress(Files.readString(file, StandardCharsets.ISO_8859_1));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      LOG.atWarn()
          .addKeyValue("file", file)
          .log("Error retrieving last reserved ip: {}", e.getMessage());
      return Optional.empty();
    }
  }

  /** Removes the files of an owner that still are his. Returns whether there was any. */
  boolean release(String owner, Set<IpAddress> released) {
    boolean found = false;
    for (Path file : index.owned(owner)) {
      found |= remove(file, owner, released);
    }
    return found;
  }

  /** Removes a file if it still has this content: it may have been written over in place. */
  boolean remove(Path file, String owner, Set<IpAddress> released) {
    @Nullable IpAddress address = Objects.requireNonNull(index.get(file)).address();
    try {
      if (!Files.isRegularFile(file) || !OwnerText.read(Files.readAllBytes(file)).equals(owner)) {
        stamp = null;
        return false;
      }
      Files.delete(file);
    } catch (IOException e) {
      LOG.atWarn().addKeyValue("file", file).log("can't be released: {}", e.toString());
      return false;
    }
    changed = true;
    index.remove(file);
    if (address != null) {
      released.add(address);
    }
    return true;
  }

  /** Tells whether the directory is there. */
  boolean exists() {
    return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS) || Files.isDirectory(path);
  }

  Path path() {
    return path;
  }
}
