package io.dualstack.impl.cni.runtime;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.cni.Attachment;
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
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Results of ADD, for DEL. Files and format are those of Go's library ({@code cniCacheV1}), so that
 * what one runtime attached another can detach.
 */
final class ResultCache {
  private static final String KIND = "cniCacheV1";

  private final Path directory;
  private final Consumer<String> notes;

  ResultCache(Path directory, Consumer<String> notes) {
    this.directory = directory.resolve("results");
    this.notes = notes;
  }

  void put(NetworkList network, Attachment attachment, Path netns, CniResult result)
      throws IOException {
    ObjectNode entry =
        CniJson.object()
            .put("kind", KIND)
            .put("containerId", attachment.containerId())
            .put(
                "config",
                Base64.getEncoder()
                    .encodeToString(network.source().getBytes(StandardCharsets.UTF_8)))
            .put("ifName", attachment.ifName())
            .put("networkName", network.name())
            .put("netns", netns.toString());
    entry.set("result", ResultWriter.write(result, network.version()));
    Files.createDirectories(
        directory,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Path file = file(network, attachment);
    Files.deleteIfExists(file);
    if (!WholeFile.create(file, GoJson.text(entry).getBytes(StandardCharsets.UTF_8), false)) {
      throw new IOException(file + ": was made by another in this moment");
    }
  }

  /** Returns what is kept; empty, with a note, when it can't be read: DEL goes on without it. */
  Optional<CniResult> get(NetworkList network, Attachment attachment) {
    Path file = file(network, attachment);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      ObjectNode entry = GoJson.read(file, Files.readAllBytes(file));
      if (!entry.path("kind").asText().equals(KIND)
          || !(entry.get("result") instanceof ObjectNode result)) {
        throw new IOException(file + ": is no " + KIND);
      }
      return Optional.of(ResultReader.read(result));
    } catch (IOException | CniException e) {
      notes.accept("the kept result is not used: " + e.getMessage());
      return Optional.empty();
    }
  }

  void remove(NetworkList network, Attachment attachment) throws IOException {
    Files.deleteIfExists(file(network, attachment));
  }

  private Path file(NetworkList network, Attachment attachment) {
    return directory.resolve(
        "%s-%s-%s".formatted(network.name(), attachment.containerId(), attachment.ifName()));
  }
}
