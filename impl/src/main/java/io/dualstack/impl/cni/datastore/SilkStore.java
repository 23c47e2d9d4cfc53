package io.dualstack.impl.cni.datastore;

import com.fasterxml.jackson.databind.JsonNode;
import io.dualstack.StoreUnavailableException;
import io.dualstack.cell.AttachedContainer;
import io.dualstack.impl.kernel.LockedFile;
import io.dualstack.net.IpAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object of containers by handle, byte for byte as the original writes it, with {@code
 * "ipv6"} for those that have such an address. What others put into an entry stays.
 */
public final class SilkStore {
  private final Path file;

  /** Uses a file, which is made with its directories when it is first written. */
  public SilkStore(Path file) {
    this.file = file;
  }

  /** What is to be done before a container with an IPv6 address is added. */
  @FunctionalInterface
  public interface BeforeIpv6 {
    /** Does it; told whether another one has such an address. */
    void prepare(boolean hasOthers);
  }

  /**
   * Adds a container, or replaces it.
   *
   * @param beforeIpv6 done under the lock if it has an IPv6 address; if that throws, nothing is
   *     added
   */
  public void add(String handle, IpAddress ipv4, @Nullable IpAddress ipv6, BeforeIpv6 beforeIpv6)
      throws IOException {
    change(
        entries -> {
          if (ipv6 != null) {
            beforeIpv6.prepare(hasIpv6(entries));
          }
          entries.put(handle, Entries.entry(handle, ipv4, ipv6, null));
          return true;
        });
  }

  /**
   * Removes the containers that match.
   *
   * @param whenNoneHasIpv6 done before the lock is released, if one was removed and none that is
   *     left has an IPv6 address
   */
  public void remove(Predicate<AttachedContainer> which, Runnable whenNoneHasIpv6)
      throws IOException {
    if (!Files.exists(file)) {
      return;
    }
    change(
        entries -> {
          boolean hadIpv6 = hasIpv6(entries);
          boolean removed =
              entries
                  .entrySet()
                  .removeIf(entry -> Entries.container(entry).filter(which).isPresent());
          if (removed && hadIpv6 && !hasIpv6(entries)) {
            whenNoneHasIpv6.run();
          }
          return removed;
        });
  }

  /** Reads the containers in the order of their handles; without those it can't make sense of. */
  public List<AttachedContainer> read() throws IOException {
    if (!Files.exists(file)) {
      return List.of();
    }
    try (LockedFile locked = LockedFile.open(file)) {
      List<AttachedContainer> containers = new ArrayList<>();
      entries(locked.read())
          .entrySet()
          .forEach(entry -> Entries.container(entry).ifPresent(containers::add));
      return containers;
    }
  }

  /**
   * Counts the entries, also those that {@link #read} passes over: who asks is about to remove what
   * the containers need, so that doubt means an error.
   *
   * @return 0 without a file, or when it is empty
   * @throws StoreUnavailableException if it can't be read
   */
  public int count() {
    if (!Files.exists(file)) {
      return 0;
    }
    try (LockedFile locked = LockedFile.open(file)) {
      return entries(locked.read()).size();
    } catch (IOException e) {
      throw new StoreUnavailableException(
          "the containers of this cell can't be told: " + e.getMessage(), true, e);
    }
  }

  /**
   * Does something if a container has an IPv6 address. It is done under the lock, so that the last
   * one does not leave meanwhile; while somebody else has the lock, it is not done.
   */
  public void ifAnyHasIpv6(Runnable deed) throws IOException {
    if (!Files.exists(file)) {
      return;
    }
    Optional<LockedFile> free = LockedFile.tryOpen(file);
    if (free.isEmpty()) {
      return;
    }
    try (LockedFile locked = free.get()) {
      if (hasIpv6(entries(locked.read()))) {
        deed.run();
      }
    }
  }

  private static boolean hasIpv6(Map<String, JsonNode> entries) {
    return entries.values().stream().anyMatch(entry -> entry.has("ipv6"));
  }

  private interface Change {
    boolean apply(Map<String, JsonNode> entries);
  }

  private void change(Change change) throws IOException {
    try (LockedFile locked = LockedFile.open(file)) {
      Map<String, JsonNode> entries = entries(locked.read());
      if (!change.apply(entries)) {
        return;
      }
      locked.overwrite(Entries.text(entries));
    }
  }

  private Map<String, JsonNode> entries(byte[] content) throws IOException {
    return Entries.read(file, content);
  }
}
