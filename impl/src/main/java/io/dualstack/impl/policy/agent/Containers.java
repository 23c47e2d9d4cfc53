package io.dualstack.impl.policy.agent;

import io.dualstack.StoreUnavailableException;
import io.dualstack.impl.cni.datastore.DescribedContainer;
import io.dualstack.impl.cni.datastore.MetadataStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The containers of a cell, read anew each time. */
@FunctionalInterface
interface Containers {
  /**
   * Reads them.
   *
   * @throws StoreUnavailableException if that can't be done
   */
  List<DescribedContainer> read();

  /** Reads a file. */
  static Containers of(Path file) {
    MetadataStore store = new MetadataStore(file);
    return () -> {
      try {
        return store.read();
      } catch (IOException | IllegalArgumentException e) {
        throw new StoreUnavailableException(
            "%s: can't be read: %s; nothing is changed until it can".formatted(file, e), true, e);
      }
    };
  }
}
