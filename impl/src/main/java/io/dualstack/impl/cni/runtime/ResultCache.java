package io.dualstack.impl.cni.runtime;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.cni.CniException;
import io.dualstack.cni.CniResult;
import io.dualstack.impl.cni.protocol.CniJson;
import io.dualstack.impl.cni.protocol.GoJson;
import io.dualstack.impl.cni.protocol.ResultReader;
import io.dualstack.impl.cni.protocol.ResultWriter;
import io.dualstack.impl.kernel.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What ADD was told and answered, for DEL. Files and format are those of Go's library ({@code
 * cniCacheV1}), so that what one runtime attached another can detach.
 */
final class ResultCache {
  private static final String KIND = "cniCacheV1";

  private final Path directory;
  private final Consumer<String> notes;

  ResultCache(Path directory, Consumer<String> notes) {
    this.directory = directory.resolve("results");
    this.notes = notes;
  }

  /**
   * What is kept of an attachment.
   *
   * @param capabilities what ADD was told for plugins with capabilities
   * @param result null before all plugins have answered
   */
  record Kept(ObjectNode capabilities, @Nullable CniResult result) {
    static final Kept NOTHING = new Kept(CniJson.object(), null);
  }

  void put(Place place, Kept kept) throws IOException {
    ObjectNode entry =
        CniJson.object()
            .put("kind", KIND)
            .put("containerId", place.attachment().containerId())
            .put(
                "config",
                Base64.getEncoder()
                    .encodeToString(place.network().source().getBytes(StandardCharsets.UTF_8)))
            .put("ifName", place.attachment().ifName())
            .put("networkName", place.network().name())
            .put("netns", place.netns().toString());
    if (!kept.capabilities().isEmpty()) {
      entry.set("capabilityArgs", kept.capabilities());
    }
    if (kept.result() != null) {
      entry.set("result", ResultWriter.write(kept.result(), place.network().version()));
    }
    Files.createDirectories(
        directory,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Path file = file(place);
    Files.deleteIfExists(file);
    if (!WholeFile.create(file, GoJson.text(entry).getBytes(StandardCharsets.UTF_8), false)) {
      throw new IOException(file + ": was made by another in this moment");
    }
  }

  /** Returns what is kept; nothing, with a note, when it can't be read: DEL goes on without it. */
  Kept get(Place place) {
    Path file = file(place);
    if (!Files.exists(file)) {
      return Kept.NOTHING;
    }
    try {
      ObjectNode entry = GoJson.read(file, Files.readAllBytes(file));
      if (!entry.path("kind").asText().equals(KIND)) {
        throw new IOException(file + ": is no " + KIND);
      }
      return new Kept(
          entry.get("capabilityArgs") instanceof ObjectNode capabilities
              ? capabilities
              : CniJson.object(),
          entry.get("result") instanceof ObjectNode result ? ResultReader.read(result) : null);
    } catch (IOException | CniException e) {
      notes.accept("what was kept of the attachment is not used: " + e.getMessage());
      return Kept.NOTHING;
    }
  }

  void remove(Place place) throws IOException {
    Files.deleteIfExists(file(place));
  }

  private Path file(Place place) {
    return directory.resolve(
        "%s-%s-%s"
            .formatted(
                place.network().name(),
                place.attachment().containerId(),
                place.attachment().ifName()));
  }
}
