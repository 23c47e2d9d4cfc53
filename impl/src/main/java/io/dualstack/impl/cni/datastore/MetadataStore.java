package io.dualstack.impl.cni.datastore;

import com.fasterxml.jackson.databind.JsonNode;
import io.dualstack.impl.kernel.Flock;
import io.dualstack.impl.kernel.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The containers of a cell with their metadata, as the wrapper plugin writes and the policy agent
 * reads them: a JSON object by container id, beside it {@code _lock}, which is what is locked, and
 * {@code _version}, a number that grows with every change, by which readers know that there was
 * one. Other than the original it replaces the file whole, so that a crash leaves the old one.
 */
public final class MetadataStore {
  private final Path file;
  private final Path lock;
  private final Path version;

  /** Uses a file, which is made with its directories when it is first written. */
  public MetadataStore(Path file) {
    this.file = file.toAbsolutePath();
    this.lock = beside("_lock");
    this.version = beside("_version");
  }

  private Path beside(String ending) {
    return file.resolveSibling(file.getFileName() + ending);
  }

  /** Adds a container, or replaces it. */
  public void add(DescribedContainer described) throws IOException {
    change(
        entries -> {
          String handle = described.container().handle();
          entries.put(
              handle,
              Entries.entry(
                  handle,
                  described.container().ipv4(),
                  described.container().ipv6Address(),
                  described.metadata()));
          return true;
        });
  }

  /** Removes a container; does nothing if it isn't there. */
  public void remove(String handle) throws IOException {
    if (Files.exists(file)) {
      change(entries -> entries.remove(handle) != null);
    }
  }

  /** Reads the containers in the order of their handles; without those that have no address. */
  public List<DescribedContainer> read() throws IOException {
    if (!Files.exists(file)) {
      return List.of();
    }
    try (Flock held = Flock.lock(lock)) {
      List<DescribedContainer> containers = new ArrayList<>();
      for (Map.Entry<String, JsonNode> entry :
          Entries.read(file, Files.readAllBytes(file)).entrySet()) {
        Entries.container(entry)
            .ifPresent(
                container ->
                    containers.add(
                        new DescribedContainer(container, Entries.metadata(entry.getValue()))));
      }
      return containers;
    }
  }

  private interface Change {
    boolean apply(Map<String, JsonNode> entries);
  }

  private void change(Change change) throws IOException {
    Files.createDirectories(
        file.getParent(),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    try (Flock held = Flock.lock(lock)) {
      Map<String, JsonNode> entries =
          Entries.read(file, Files.exists(file) ? Files.readAllBytes(file) : new byte[0]);
      if (change.apply(entries)) {
        // The number first: after a crash in between, readers read once more than they had to.
        replace(version, Long.toString(number() + 1));
        replace(file, Entries.text(entries));
      }
    }
  }

  /** Under the lock, so that nobody else uses the other name. */
  private static void replace(Path file, String text) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + "_new");
    Files.deleteIfExists(fresh);
    if (!WholeFile.create(fresh, text.getBytes(StandardCharsets.UTF_8), true)) {
      throw new IOException(fresh + ": was made by another in this moment");
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /** What is no number counts as none was there. */
  private long number() throws IOException {
    String text = Files.exists(version) ? Files.readString(version).strip() : "";
    return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
  }
}
