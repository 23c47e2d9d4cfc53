package io.dualstack.impl.cni.hostlocal;

import io.dualstack.Diagnostic;
import io.dualstack.Severity;
import io.dualstack.impl.cni.hostlocal.DirectoryIndex.Entry;
import io.dualstack.impl.cni.protocol.Fields;
import io.dualstack.net.IpAddress;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Brings an index up to date with its directory. Reads only the files that are new or may have
 * changed since; survives whatever lies there, and remembers what should not.
 */
final class DirectoryListing extends SimpleFileVisitor<Path> {
  private static final String POINTER = "last_reserved_ip.";
  private static final String LOCK = "lock";

  /** No name of a container is that long; who wrote more than this is not host-local. */
  private static final int LONGEST_CONTENT = 1 << 18;

  private final Path directory;
  private final DirectoryIndex index;
  private final Set<Path> seen = new HashSet<>();
  private final List<Diagnostic> findings = new ArrayList<>();
  private boolean hasFolders;

  private DirectoryListing(Path directory, DirectoryIndex index) {
    this.directory = directory;
    this.index = index;
  }

  static DirectoryListing refresh(Path directory, DirectoryIndex index) throws IOException {
    DirectoryListing listing = new DirectoryListing(directory, index);
    Files.walkFileTree(directory, listing);
    index.all().stream()
        .map(Entry::file)
        .filter(file -> !listing.seen.contains(file))
        .toList()
        .forEach(index::remove);
    return listing;
  }

  /** What should not be in the directory. */
  List<Diagnostic> findings() {
    return findings;
  }

  /** Whether there are folders, whose changes don't show in the time of the directory. */
  boolean hasFolders() {
    return hasFolders;
  }

  @Override
  public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
    if (!folder.equals(directory)) {
      hasFolders = true;
      find(
          folder, "ForeignFolder", "is no part of the format and slows every call down; remove it");
    }
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
    String name = String.valueOf(file.getFileName());
    if (directory.equals(file.getParent()) && (name.equals(LOCK) || name.startsWith(POINTER))) {
      return FileVisitResult.CONTINUE;
    }
    Entry known = index.get(file);
    FileIdentity identity = FileIdentity.of(attributes);
    Entry entry =
        known != null && identity.equals(known.identity())
            ? known
            : new Entry(
                file,
                Fields.parseAddress(name).orElse(null),
                read(file, attributes),
                identity.isSettled() ? identity : null);
    if (!entry.equals(known)) {
      index.put(entry);
    }
    seen.add(file);
    judge(entry, name);
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFileFailed(Path file, IOException e) {
    // Gone since the directory was listed, or not ours to read: the original passes over it too.
    return FileVisitResult.CONTINUE;
  }

  private static String read(Path file, BasicFileAttributes attributes) {
    if (!attributes.isRegularFile() && !Files.isRegularFile(file)) {
      return "";
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] content = in.readNBytes(LONGEST_CONTENT);
      return OwnerText.read(content);
    } catch (IOException e) {
      return "";
    }
  }

  private void judge(Entry entry, String name) {
    @Nullable IpAddress address = entry.address();
    if (address == null) {
      find(entry.file(), "ForeignFile", "is no part of the format; move it elsewhere");
    } else if (entry.isMisspelled()) {
      find(
          entry.file(),
          "MisspelledAddress",
          "spells %s in another way; the original would hand it out again; rename the file"
              .formatted(address));
    } else if (entry.owner().isEmpty()) {
      find(
          entry.file(),
          "TornFile",
          name + " is in use by nobody known, left by a crash; GC or removing the file frees it");
    }
  }

  private void find(Path file, String code, String message) {
    findings.add(new Diagnostic(Severity.WARNING, file.toString(), "", 0, 0, code, message));
  }
}
