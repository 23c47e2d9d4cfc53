package io.dualstack.impl.lease.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dualstack.StoreUnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How many containers the plugin's file knows. It is asked before the overlay device is removed
 * beneath them, so that doubt means an error.
 */
final class ContainerRecords {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** A writer empties the file before it writes, and is done within milliseconds. */
  private static final int LOOKS = 20;

  private ContainerRecords() {}

  /**
   * Counts the containers.
   *
   * @return 0 without a file, or when it is empty and stays so
   * @throws StoreUnavailableException if it can't be read
   */
  static int count(Path file) {
    try {
      for (int look = 0; look < LOOKS; look++) {
        byte[] content = Files.readAllBytes(file);
        if (content.length > 0) {
          JsonNode node = JSON.readTree(content);
          if (!node.isObject()) {
            throw new IOException("is no JSON object");
          }
          return node.size();
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
      }
      return 0;
    } catch (NoSuchFileException e) {
      return 0;
    } catch (IOException e) {
      throw new StoreUnavailableException(
          "%s: the containers of this cell can't be told: %s; repair or remove the file"
              .formatted(file, e.getMessage()),
          true,
          e);
    }
  }
}
