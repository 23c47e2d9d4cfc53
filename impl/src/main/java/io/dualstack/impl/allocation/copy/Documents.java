package io.dualstack.impl.allocation.copy;

import io.dualstack.StoreUnavailableException;
import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.allocation.spi.Change;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * All documents of a store at one revision.
 *
 * @param revision the revision
 * @param bySpace the documents by key, by space
 */
record Documents(long revision, Map<AddressSpace, Map<String, String>> bySpace) {

  private static final int LOOKS = 10;

  /**
   * Reads them, again if somebody writes meanwhile.
   *
   * @throws StoreUnavailableException if somebody writes all the time
   */
  static Documents of(AllocationStore store) {
    for (int n = 0; n < LOOKS; n++) {
      long revision = store.revision();
      Map<AddressSpace, Map<String, String>> found = new TreeMap<>();
      for (AddressSpace space : store.spaces()) {
        found.put(space, store.documents(space, ""));
      }
      if (store.revision() == revision) {
        return new Documents(revision, found);
      }
    }
    throw new StoreUnavailableException(
        store.location() + ": is written to all the time; stop those who do, and try again",
        true,
        null);
  }

  Map<String, String> of(AddressSpace space) {
    return bySpace.getOrDefault(space, Map.of());
  }

  long count() {
    return bySpace.values().stream().mapToLong(Map::size).sum();
  }

  /** Returns the steps that write the documents of a space. */
  List<Change> steps(AddressSpace space) {
    List<Change> steps = new ArrayList<>();
    of(space).forEach((key, text) -> steps.add(new Change.PutDocument(key, text)));
    return steps;
  }
}
