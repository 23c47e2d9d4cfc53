package io.dualstack.impl.lease.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dualstack.StoreUnavailableException;
import io.dualstack.impl.kernel.Flock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How many containers the plugin's file knows. It is asked before the overlay device is removed
 * beneath them, so that doubt means an error. Read under the file's own lock, as a writer empties
 * it before it writes.
 */
final class ContainerRecords {

  private static final ObjectMapper JSON = new ObjectMapper();

  private ContainerRecords() {}

  /**
   * Counts the containers.
   *
   * @return 0 without a file, or when it is empty
   * @throws StoreUnavailableException if it can't be read
   */
  static int count(Path file) {
    if (!Files.exists(file)) {
      return 0;
    }
    try (Flock lock = Flock.lock(file)) {
      byte[] content = Files.readAllBytes(file);
      if (content.length == 0) {
        return 0;
      }
      JsonNode node = JSON.readTree(content);
      if (!node.isObject()) {
        throw new IOException("is no JSON object");
      }
      return node.size();
    } catch (IOException e) {
      throw new StoreUnavailableException(
          "%s: the containers of this cell can't be told: %s; repair or remove the file"
              .formatted(file, e.getMessage()),
          true,
          e);
    }
  }
}
