package io.dualstack.impl.cni.datastore;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.StoreUnavailableException;
import io.dualstack.cell.AttachedContainer;
import io.dualstack.impl.kernel.Flock;
import io.dualstack.net.IpAddress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object of containers by handle, byte for byte as the original writes it, with {@code
 * "ipv6"} for those that have such an address. The file itself is locked by flock(2) and changed in
 * place, as others may hold or wait for its lock. What others put into an entry stays.
 *
 * <p>A change is one write of the new content over the old, cut to size after that, so that a
 * process killed in between leaves the new content with a rest of the old behind it, which a reader
 * skips.
 */
public final class SilkStore {
  private static final JsonMapper JSON = new JsonMapper();

  /** Go's encoder writes these as escapes, to be safe in HTML. */
  private static final ObjectWriter WRITER = JSON.writer().with(new HtmlEscapes());

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
          ObjectNode entry = JSON.createObjectNode();
          entry.put("handle", handle).put("ip", ipv4.toString());
          if (ipv6 != null) {
            entry.put("ipv6", ipv6.toString());
          }
          entry.putNull("metadata");
          entries.put(handle, entry);
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
              entries.entrySet().removeIf(entry -> container(entry).filter(which).isPresent());
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
    try (Flock lock = Flock.lock(file)) {
      assert lock != null;
      List<AttachedContainer> containers = new ArrayList<>();
      entries(Files.readAllBytes(file))
          .entrySet()
          .forEach(entry -> container(entry).ifPresent(containers::add));
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
    try (Flock lock = Flock.lock(file)) {
      assert lock != null;
      return entries(Files.readAllBytes(file)).size();
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
    Optional<Flock> free = Flock.tryLock(file);
    if (free.isEmpty()) {
      return;
    }
    try (Flock lock = free.get()) {
      assert lock != null;
      if (hasIpv6(entries(Files.readAllBytes(file)))) {
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
    create();
    try (Flock lock = Flock.lock(file);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      assert lock != null;
      Map<String, JsonNode> entries = entries(Files.readAllBytes(file));
      if (!change.apply(entries)) {
        return;
      }
      ObjectNode tree = JSON.createObjectNode();
      tree.setAll(entries);
      String text = WRITER.writeValueAsString(tree) + "\n";
      ByteBuffer content = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      int length = content.remaining();
      while (content.hasRemaining()) {
        int written = channel.write(content);
        assert written >= 0;
      }
      channel.truncate(length);
    }
  }

  private void create() throws IOException {
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

  private Map<String, JsonNode> entries(byte[] content) throws IOException {
    Map<String, JsonNode> entries = new TreeMap<>();
    if (content.length == 0) {
      return entries;
    }
    try {
      JsonNode tree = JSON.readTree(content);
      if (!tree.isObject()) {
        throw new IOException(file + ": is no JSON object; repair or remove it");
      }
      tree.fields().forEachRemaining(entry -> entries.put(entry.getKey(), entry.getValue()));
      return entries;
    } catch (JsonProcessingException e) {
      throw new IOException(
          file + ": is no JSON: " + e.getOriginalMessage() + "; repair or remove it", e);
    }
  }

  private static Optional<AttachedContainer> container(Map.Entry<String, JsonNode> entry) {
    return IpAddress.tryParse(entry.getValue().path("ip").asText())
        .map(
            ip ->
                new AttachedContainer(
                    entry.getKey(),
                    ip,
                    IpAddress.tryParse(entry.getValue().path("ipv6").asText()).orElse(null)));
  }

  private static final class HtmlEscapes extends CharacterEscapes {
    private static final long serialVersionUID = 1L;

    private final int[] ascii = standardAsciiEscapesForJSON();

    HtmlEscapes() {
      for (char each : new char[] {'<', '>', '&'}) {
        ascii[each] = ESCAPE_CUSTOM;
      }
    }

    @Override
    public int[] getEscapeCodesForAscii() {
      return ascii.clone();
    }

    @Override
    public @Nullable SerializableString getEscapeSequence(int character) {
      return character == '<' || character == '>' || character == '&' || character >> 1 == 0x1014
          ? new SerializedString("\\u%04x".formatted(character))
          : null;
    }
  }
}
