package io.dualstack.impl.workload.identity;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A folder with something in it, at the place where a write makes the link that it then moves: no
 * write succeeds while it is there.
 */
record Obstacle(Path place) {

  /** Puts one in the way, also while the keeper works. */
  static Obstacle in(Path kept) throws IOException {
    Path made = Files.createTempDirectory(kept.toAbsolutePath().getParent(), "obstacle");
    Files.createFile(made.resolve("file"));
    Path place = kept.resolve("....current.new");
    while (true) {
      try {
        return new Obstacle(Files.move(made, place, StandardCopyOption.ATOMIC_MOVE));
      } catch (FileSystemException e) {
        // The keeper's own link, which is gone in a moment.
        Thread.onSpinWait();
      }
    }
  }

  void remove() throws IOException {
    Files.delete(place.resolve("file"));
    Files.deleteIfExists(place);
  }
}
