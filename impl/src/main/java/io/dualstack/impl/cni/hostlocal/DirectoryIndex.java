package io.dualstack.impl.cni.hostlocal;

import io.dualstack.net.IpAddress;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is known of a directory: who owns which file, and which addresses are in use. */
final class DirectoryIndex {
  /**
   * One file.
   *
   * @param file its path
   * @param address the address its name spells; null if it is foreign
   * @param owner its trimmed content
   * @param identity what tells it from a later file of that name; null if that can't be told
   */
  record Entry(
      Path file, @Nullable IpAddress address, String owner, @Nullable FileIdentity identity) {

    /** Tells whether the name is not the address's own text. */
    boolean isMisspelled() {
      return address != null && !address.toString().equals(String.valueOf(file.getFileName()));
    }
  }

  private final Map<Path, Entry> files = new HashMap<>();
  private final Map<String, Set<Path>> byOwner = new HashMap<>();
  private final UsedRuns used = new UsedRuns();

  /** How many files spell an address in another way than the original. */
  private int misspelled;

  void put(Entry entry) {
    remove(entry.file());
    misspelled += entry.isMisspelled() ? 1 : 0;
    files.put(entry.file(), entry);
    byOwner.computeIfAbsent(entry.owner(), unused -> new LinkedHashSet<>(2)).add(entry.file());
    if (entry.address() != null) {
      used.add(entry.address());
    }
  }

  void remove(Path file) {
    Entry entry = files.remove(file);
    if (entry == null) {
      return;
    }
    misspelled -= entry.isMisspelled() ? 1 : 0;
    Set<Path> owned = byOwner.get(entry.owner());
    if (owned != null && owned.remove(file) && owned.isEmpty()) {
      byOwner.remove(entry.owner());
    }
    IpAddress address = entry.address();
    if (address != null && !isUsedElsewhere(address, file)) {
      used.remove(address);
    }
  }

  /** One address may have two files, if somebody spelled it in two ways. */
  private boolean isUsedElsewhere(IpAddress address, Path removed) {
    return files.containsKey(removed.resolveSibling(address.toString()))
        || (misspelled > 0
            && files.values().stream().anyMatch(entry -> address.equals(entry.address())));
  }

  @Nullable Entry get(Path file) {
    return files.get(file);
  }

  /** Returns the files with this content, in no order; a copy. */
  Set<Path> owned(String owner) {
    return Set.copyOf(byOwner.getOrDefault(owner, Set.of()));
  }

  Collection<Entry> all() {
    return Collections.unmodifiableCollection(files.values());
  }

  UsedRuns used() {
    return used;
  }
}
